/* What the calendar in this browser knows: the server's posts of the days in view, and moves that
   it has not answered yet. Signals of other people's moves arrive beside it with an id and a
   version; what they changed is read again. */

const MANY = "0".repeat(32);
const MOST_ASKED = 60;
const WAITING_AFTER_MS = 400;
const MINUTE_MS = 60_000;
const MOST_AHEAD = 300;
const QUIET_MS = 1500; // after it was drawn there is time to look ahead
const SETTLED = new Set(["approved", "on_hold", "scheduled", "published", "publish_failed", "cancelled"]);
const NO_DAYS = { notes: [], gaps: [], close: [] };
export const NOTHING = { loaded: false, posts: [], moves: new Map(), days: NO_DAYS, risks: new Map(), more: false };

export class CalendarStore {
  constructor(send) {
    this.send = send; // { look(number, view), refresh(ids, view), move(post, version, at, view), lookAhead(ids) }
    this.listeners = new Set();
    this.posts = new Map();
    this.heard = new Map(); // the newest version of each
    this.moves = new Map(); // post -> where it was dropped
    this.asked = new Set();
    this.foreseen = new Map(); // the version that was asked about
    this.risks = new Map();
    this.question = 0;
    this.days = NO_DAYS;
    this.more = false;
    this.snapshot = NOTHING;
  }

  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getSnapshot = () => this.snapshot;

  /* These days are in view now; what was there stays until the answer comes. */
  look(view) {
    this.view = view;
    this.reload();
  }

  reload() {
    if (!this.view || !this.open) return;
    this.question += 1;
    this.send.look(this.question, this.view);
  }

  /* The server knows this page: on arrival, and again after a lost connection. */
  loaded() {
    this.open = true;
    const lost = this.moves.size > 0;
    this.moves.clear();
    this.reload();
    return lost;
  }

  show({ asked, view, days }) {
    if (asked !== this.question) return; // of other days, or under other filters
    this.posts = new Map(postsOf(view).map((post) => [post.id, post]));
    this.days = days;
    this.more = view.more;
    for (const post of this.posts.values()) this.compare(post);
    this.isLoaded = true;
    this.publish();
  }

  patch({ ids, view, days, answered }) {
    const found = new Map((view ? postsOf(view) : []).map((post) => [post.id, post]));
    for (const id of ids) {
      const post = found.get(id);
      const known = this.posts.get(id);
      if (!post) this.posts.delete(id);
      else if (!known || known.version <= post.version) this.posts.set(id, post);
      if (post) this.compare(post);
    }
    if (days) this.days = days;
    else this.askSoon(); // what the days say is no part of the answer
    if (answered) this.moves.delete(answered);
    this.publish();
  }

  compare({ id, version }) {
    if ((this.heard.get(id) ?? 0) > version) this.ask(id);
    else this.heard.set(id, version);
  }

  hear(signals) {
    for (const [id, version] of signals) {
      if (id === MANY) this.reloadSoon();
      else if (version > (this.heard.get(id) ?? 0)) {
        this.heard.set(id, version);
        if (!this.moves.has(id)) this.ask(id); // its answer brings it
      }
    }
  }

  ask(id) {
    this.asked.add(id);
    this.askSoon();
  }

  /* Gathered for a moment, spread so that a hundred calendars do not ask in the same instant. */
  askSoon() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const ids = [...this.asked].slice(0, MOST_ASKED);
      ids.forEach((each) => this.asked.delete(each));
      if (this.view) this.send.refresh(ids, this.view);
      if (this.asked.size) this.askSoon();
    }, 80 + Math.random() * 160);
  }

  /* How likely posts are in time is worth no wait of anybody's. */
  lookAheadSoon() {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => {
      const open = [...this.posts.values()].filter(
        (post) => !SETTLED.has(post.state) && post.at > Date.now() && this.foreseen.get(post.id) !== post.version,
      );
      const some = open.slice(0, MOST_AHEAD);
      for (const { id, version } of some) {
        this.foreseen.set(id, version);
        this.risks.delete(id);
      }
      if (some.length) this.send.lookAhead(some.map((post) => post.id));
    }, QUIET_MS * (1 + Math.random()));
  }

  foretell(risks) {
    for (const [id, risk] of Object.entries(risks)) this.risks.set(id, risk);
    this.publish();
  }

  reloadSoon() {
    clearTimeout(this.reloading);
    this.reloading = setTimeout(() => this.reload(), 300 + Math.random() * 700);
  }

  /* `at` is what the server is told, `wall` what the clock in use shows there. A dropped post
     `stands` there already: the days are drawn anew only with the answer, or when it takes long,
     so that nothing stands in its way. */
  move(id, at, wall, clock, { version = this.posts.get(id)?.version, stands = false } = {}) {
    if (version === undefined) return;
    this.moves.set(id, { wall, clock });
    this.send.move(id, version, at, this.view);
    if (!stands) this.publish();
    else setTimeout(() => this.moves.has(id) && this.publish(), WAITING_AFTER_MS);
  }

  /* While the grid settles a drop it must not get other posts: what is news waits for its end. */
  hold() {
    clearTimeout(this.holding);
    this.holding = setTimeout(() => this.release(), WAITING_AFTER_MS);
  }

  release() {
    clearTimeout(this.holding);
    this.holding = undefined;
    if (this.owed) this.publish();
  }

  publish() {
    this.owed = this.holding !== undefined;
    if (this.owed) return;
    this.snapshot = {
      loaded: Boolean(this.isLoaded),
      posts: [...this.posts.values()],
      moves: new Map(this.moves),
      days: this.days,
      risks: new Map(this.risks),
      more: this.more,
    };
    this.listeners.forEach((listener) => listener());
    this.lookAheadSoon();
  }
}

/* The server tells what repeats once, and names it by its place. */
function postsOf({ since, clients, states, networks, people, rows }) {
  const start = Date.parse(since);
  return rows.map(([id, client, number, version, state, minutes, text, on, who]) => ({
    id,
    client: clients[client],
    key: `${clients[client]}-${number}`,
    version,
    state: states[state],
    at: start + minutes * MINUTE_MS,
    text,
    networks: on.map((place) => networks[place]),
    who: people[who],
  }));
}
