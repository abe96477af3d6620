/* The drawing itself. Plotly is loaded with the first chart that comes near; colours are those of
   the page's tokens, read anew when the theme changes. */

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { say } from "./chart_words.js";

const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };
const PICTURE = { width: 1200, height: 675, scale: 2 };
const NARROW_PX = 560;

let coming;
const plotly = () => (coming ??= import("plotly.js-basic-dist-min").then((module) => module.default ?? module));

export function Plot({ chart, label, words, onMark }) {
  const frame = useRef(null);
  const [hint, setHint] = useState("");
  const theme = useTheme();
  const width = useWidth(frame);
  const open = useRef(onMark);
  open.current = onMark;
  const marks = useRef([]);
  const at = useRef(-1);
  useEffect(() => {
    let gone = false;
    if (!width) return undefined;
    plotly().then((Plotly) => {
      if (gone || !frame.current) return;
      const { data, layout } = dressed(chart.figure, words, frame.current, width);
      const drawn = frame.current.querySelector(".plot-canvas");
      Plotly.react(drawn, data, layout, CONFIG);
      marks.current = marksOf(data);
      at.current = -1;
      drawn.removeAllListeners?.("plotly_click");
      drawn.on("plotly_click", ({ points: [point] }) => {
        const mark = markOf(point.data, point.pointNumber);
        if (mark) open.current(...mark);
      });
    });
    return () => (gone = true);
  }, [chart, words, theme, width]);
  useEffect(() => {
    const canvas = frame.current.querySelector(".plot-canvas");
    return () => coming?.then((Plotly) => Plotly.purge(canvas));
  }, []);
  const walk = async (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const count = marks.current.length;
    if (step && count) {
      event.preventDefault();
      at.current = (at.current + step + count) % count;
      const { trace, point, text } = marks.current[at.current];
      const Plotly = await plotly();
      Plotly.Fx.hover(frame.current.querySelector(".plot-canvas"), [{ curveNumber: trace, pointNumber: point }]);
      setHint(text);
    } else if (event.key === "Enter" && marks.current[at.current]) {
      open.current(...marks.current[at.current].mark);
    }
  };
  return (
    <div ref={frame} className="plot" role="group" aria-label={label} tabIndex={0} onKeyDown={walk}
      aria-roledescription={words.t("Chart: arrow keys walk over its marks, Enter shows the posts")}>
      <div className="plot-canvas" aria-hidden="true" style={{ height: chart.height }} />
      <span className="unseen" role="status">{hint}</span>
    </div>
  );
}
