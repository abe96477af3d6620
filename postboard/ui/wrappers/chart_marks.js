/* The marks of a figure: which there are, for the keyboard, and which one was clicked. A trace's
   `meta` is [panel, series, points of one mark]. */

/** Every mark: its trace and point in the figure, its place in the chart, and its words. */
export function marksOf(data) {
  const marks = [];
  data.forEach((trace, at) => {
    if (!trace.meta?.length || trace.hoverinfo === "skip") return;
    const points = trace.meta[2];
    const values = trace.orientation === "h" ? trace.x : (trace.y ?? trace.x);
    for (let point = 0; point < values.length; point += points) {
      if (values[point] === null) continue;
      const text = trace.hovertext?.[point] || `${trace.name} ${values[point]}`;
      marks.push({ trace: at, point, place: placeOf(trace, point), text: plain(text) });
    }
  });
  return marks;
}

/** Panel, series and mark, as the server names it; none for what stands for nothing. */
export function placeOf(trace, point) {
  if (!trace.meta?.length) return null;
  const [panel, series, points] = trace.meta;
  return [panel, series, Math.floor(point / points)];
}

const plain = (text) => text.replaceAll("<br>", ", ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
