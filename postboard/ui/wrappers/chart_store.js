/* What the charts of a page show: asked for part by part, as somebody comes near them. */

export const NOTHING = Object.freeze({ charts: {}, tables: {}, week: null, figures: null, busy: {}, behind: null });

export class ChartStore {
  constructor(send) {
    this.send = send;
    this.now = NOTHING;
    this.wanted = new Set(); // parts that somebody has come near
    this.asked = 0;
    this.answers = new Map(); // part -> number of the question it waits for
    this.ready = false;
    this.listeners = new Set();
    this.subscribe = (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    };
    this.getSnapshot = () => this.now;
  }

  want(part) {
    if (this.wanted.has(part)) return;
    this.wanted.add(part);
    if (this.ready) this.#ask(part);
  }

  /* The server knows what is asked for: all that was wanted is asked anew. */
  reload() {
    this.ready = true;
    this.#publish({ tables: {}, behind: null });
    this.wanted.forEach((part) => this.#ask(part));
  }

  show({ asked, part, charts, week, figures }) {
    if (this.answers.get(part) !== asked) return;
    const found = Object.fromEntries((charts ?? []).map((chart) => [chart.key, chart]));
    this.#publish({
      charts: { ...this.now.charts, ...found },
      week: week ?? this.now.week,
      figures: figures ?? this.now.figures,
      busy: { ...this.now.busy, [part]: false },
    });
  }

  numbers(key, table) {
    this.#publish({ tables: { ...this.now.tables, [key]: table } });
  }

  behind(behind) {
    this.#publish({ behind });
  }

  #ask(part) {
    this.asked += 1;
    this.answers.set(part, this.asked);
    this.#publish({ busy: { ...this.now.busy, [part]: true } });
    this.send(this.asked, part);
  }

  #publish(change) {
    this.now = Object.freeze({ ...this.now, ...change });
    this.listeners.forEach((listener) => listener());
  }
}
