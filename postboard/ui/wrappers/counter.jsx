/* How long a text is and how much fits, per network, as one types. */

import { count } from "./counting.js";
import { usePost } from "./post_store.js";
import { captionOn, placementsOn, titleOn } from "./post_words.js";
import { useWords } from "./words.jsx";

const NEAR = 0.9;

/** One counter for each network that shares the text, or for `only` one.
    `limits` is `platforms.limits_for_browser()`, `names` the networks' names, `what` "text" or "title". */
export function Counters({ limits, names, only, what = "text" }) {
  const { words } = usePost();
  if (!limits || !words) return null;
  const field = what === "title" ? "title" : "caption";
  const own = (network) => words.variants.find((each) => each.network === network);
  const chosen = Object.keys(names).filter((each) => words.networks.includes(each));
  const shown = only ? [only] : chosen.filter((each) => (own(each)?.[field] ?? null) === null);
  const said = what === "title" ? titleOn : captionOn;
  return (
    <p className="counters">
      {shown.map((network) => (
        <Counter key={network} network={network} name={names[network]} text={said(words, network)}
          limit={limitOf(limits[network], what, placementsOn(words, network), words.media)} />
      ))}
    </p>
  );
}

/** `limit` is `{ how, max?, soft? }`: past `soft` the network may refuse, past `max` it does. */
export function Counter({ network, name, text, limit }) {
  const words = useWords();
  if (!limit) return null;
  const length = count(text, limit.how);
  const fits = limit.soft && length <= limit.soft ? limit.soft : (limit.max ?? limit.soft);
  const level = levelOf(length, limit);
  return (
    <span className="counter" data-level={level}>
      <span aria-hidden="true">
        {name && <span className="network" data-network={network} />}
        {words.t("{length} / {limit}", { length, limit: fits })}
      </span>
      <span className="counter-said">
        {name} {words.t("{length} of {limit} characters", { length, limit: fits })}
      </span>
      <span className="counter-said" role="status">
        {level === "over" ? words.t("Too long for {network}", { network: name || network }) : ""}
      </span>
    </span>
  );
}

function levelOf(length, { max, soft }) {
  if (max && length > max) return "over";
  return length > NEAR * (soft ?? max) ? "near" : "fits";
}

/* Of several placements the strictest counts. */
function limitOf(own, what, placements = ["feed"], media = []) {
  const still = media.length > 0 && media.every((one) => one.kind !== "video");
  const common = (still && own?.images?.[what]) || own?.[what];
  const each = placements.map((placement) => own?.[placement]?.[what] ?? common).filter(Boolean);
  return each.sort((one, other) => (one.max ?? one.soft) - (other.max ?? other.soft))[0];
}
