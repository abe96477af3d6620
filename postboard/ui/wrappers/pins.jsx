/* A picture with numbered spots; a click, a tap or the keyboard sets a new one. */

import { useId, useState } from "react";
import { usePost } from "./post_store.js";
import { useWords } from "./words.jsx";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.02;
const BIG_STEP = 0.1;
const MIDDLE = { x: 0.5, y: 0.5 };

/** `pins`: `[{id, x, y, number, resolved}]`, 0..1 from the left and the top;
    `onPin(asset, x, y)` sets one, without it they can only be looked at; `onOpen(id)`. */
export function Pins({ asset, src, alt, pins, onPin, onOpen }) {
  const words = useWords();
  const id = useId();
  const [aim, setAim] = useState(null);
  const move = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const size = event.shiftKey ? BIG_STEP : STEP;
    const { x, y } = aim ?? MIDDLE;
    setAim({ x: share(x + step[0] * size), y: share(y + step[1] * size) });
  };
  const set = (event) => {
    const byHand = event.detail > 0; // 0 is Enter or space
    const box = event.currentTarget.getBoundingClientRect();
    const { x, y } = byHand
      ? { x: share((event.clientX - box.left) / box.width), y: share((event.clientY - box.top) / box.height) }
      : (aim ?? MIDDLE);
    onPin(asset, x, y);
  };
  return (
    <div className="pins" data-asset={asset} data-strip="">
      <img src={src} alt={alt} decoding="async" />
      {onPin && (
        <button
          type="button"
          className="pins-target"
          aria-label={words.t("Point at a spot of the picture")}
          aria-describedby={`${id}-keys`}
          onKeyDown={move}
          onFocus={(event) => event.target.matches(":focus-visible") && setAim(aim ?? MIDDLE)}
          onBlur={() => setAim(null)}
          onClick={set}
        />
      )}
      {onPin && (
        <span id={`${id}-keys`} className="unseen">
          {words.t("Arrow keys move, Enter sets the spot.")}
        </span>
      )}
      {aim && <span className="pins-aim" style={{ left: per(aim.x), top: per(aim.y) }} aria-hidden="true" />}
      <span className="unseen" role="status">
        {aim && words.t("{x} from the left, {y} from the top", { x: per(aim.x), y: per(aim.y) })}
      </span>
      {pins
        .filter((pin) => pin.asset === asset)
        .map((pin) => (
          <button
            key={pin.id}
            type="button"
            className="pin"
            data-resolved={pin.resolved ? "" : undefined}
            style={{ left: per(pin.x), top: per(pin.y) }}
            aria-label={words.t("Open the comment at spot {n}", { n: pin.number })}
            onClick={() => onOpen(pin.id)}
          >
            {pin.number}
          </button>
        ))}
    </div>
  );
}

/** The pictures of a post to point at; without `pictures` those of the post that is being edited. */
export function PinnedPictures({ pictures, pins, label, mayPin, onOpen }) {
  const post = usePost();
  const shown = pictures ?? (post.words?.media ?? []).filter((one) => one.kind !== "video").map(asPicture);
  if (!shown.length) return null;
  const set = (asset, x, y) => window.postboard.comment({ anchor: { asset, x, y } });
  const open = (id) => {
    if (!document.querySelector(`[data-comment="${CSS.escape(id)}"]`)) onOpen(id);
    window.postboard.toComment(id);
  };
  return (
    <details className="pinned">
      <summary>
        {label}
        {pins.length > 0 && <span className="count">{pins.length}</span>}
      </summary>
      {shown.map((one) => (
        <Pins key={one.asset} asset={one.asset} src={one.url} alt={one.alt} pins={pins} onPin={mayPin ? set : undefined} onOpen={open} />
      ))}
    </details>
  );
}

const asPicture = (media) => ({ asset: media.asset || media.url, url: media.url, alt: media.alt });
const share = (value) => Math.min(1, Math.max(0, Math.round(value * 10_000) / 10_000));
const per = (value) => `${Math.round(value * 1000) / 10}%`;
