/* What the grid is told of its days. It draws all of them at each thing that it is told, so it is told
   of what is other, and once. Kept apart because `heldBack` touches how the library works inside. */

const FEW = 60; // of more than so many, all are told anew
const NO_TIME = { years: 0, months: 0, days: 0, milliseconds: 0 };

/** The grid draws nothing until the function returned is called, and all then in one go: while the
    library works on what it was told, it keeps what comes in between. */
export function heldBack(api) {
  const told = api.currentDataManager;
  told.isDrainingActionQueue = true;
  return () => told.isDrainingActionQueue && told.drainActionQueue();
}

/** What the grid shows follows `events`; `shown` has what it was told before, by id. */
export class Feed {
  constructor() {
    this.shown = new Map();
  }

  /* The grid put it somewhere by itself, as at a drop: it is to be told of it in any case. */
  moved(id) {
    this.shown.set(id, null);
  }

  follow(api, events) {
    const wanted = new Map(events.map((event) => [event.id, event]));
    const others = events.filter((event) => !isSame(this.shown.get(event.id), event));
    const gone = [...this.shown.keys()].filter((id) => !wanted.has(id));
    if (others.length + gone.length === 0) return;
    const many = this.shown.size === 0 || others.length + gone.length > FEW || wanted.size < events.length;
    this.shown = wanted;
    if (many) {
      api.setOption("events", events);
      return;
    }
    const draw = heldBack(api);
    gone.forEach((id) => api.getEventById(id)?.remove());
    others.forEach((event) => tell(api, event));
    draw();
  }
}

/* A post stays the one it was, so that it keeps the focus. */
function tell(api, event) {
  const known = api.getEventById(event.id);
  if (known && !known.allDay && !event.allDay) {
    change(known, event);
    return;
  }
  known?.remove();
  api.addEvent(event, true);
}

/* In one piece: before it is drawn, a second change would undo the first. */
function change(known, { id, title, start, end, extendedProps, ...custom }) {
  const by = at(start) - known.start.getTime();
  known.mutate({
    standardProps: { title },
    extendedProps: { ...custom, ...extendedProps },
    datesDelta: { ...NO_TIME, milliseconds: by },
    endDelta: { ...NO_TIME, milliseconds: at(end) - by - known.end.getTime() },
  });
}

const at = (wall) => Date.parse(`${wall}Z`);

function isSame(one, other) {
  if (!one) return false;
  const { extendedProps: mine, ...rest } = one;
  const { extendedProps: theirs, ...others } = other;
  return isShallowSame(rest, others) && isShallowSame(mine, theirs);
}

function isShallowSame(one, other) {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
