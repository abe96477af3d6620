/* The parts of a page that are too many for one screen: side by side where there is room, one at a
   time behind tabs where there is not. Which one was open is remembered in this browser. */

import { Children, useEffect, useRef, useState } from "react";
import { useWords } from "./words.jsx";

/** `names`: key -> the tab's words, in the order of the children; `counts`: key -> a number to show.
    Parts in `wide` have a place of their own where the screen is wide, and no tab there. */
export function Parts({ name, names, counts, wide, onOpen, children }) {
  const words = useWords();
  const ref = useRef(null);
  const kept = `postboard.part.${name}`;
  const keys = Object.keys(names);
  const [open, setOpen] = useState(keys[0]);
  const [side, setSide] = useState(keys.find((key) => !wide.includes(key)));
  const show = (key) => {
    setOpen(key);
    if (wide.includes(key)) return;
    setSide(key);
    onOpen(key);
    localStorage.setItem(kept, key);
  };
  useEffect(() => {
    const before = localStorage.getItem(kept);
    if (before && keys.includes(before)) setSide(before);
    window.postboard = { ...window.postboard, openPart: show };
  }, []);
  const onKeyDown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const shown = [...ref.current.querySelectorAll("[role=tab]")].filter((tab) => tab.offsetParent);
    const next = shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length];
    next?.focus();
    if (next) show(next.dataset.part);
  };
  return (
    <div className="parts" data-open={open} data-side={side}>
      <div ref={ref} className="tabs parts-tabs" role="tablist" aria-label={words.t("Parts of the post")} onKeyDown={onKeyDown}>
        {keys.map((key) => (
          <button key={key} type="button" role="tab" className="tab" id={`tab-${key}`} data-part={key}
            data-wide={wide.includes(key) ? "" : undefined} data-open={key === open ? "" : undefined}
            data-side={key === side ? "" : undefined} aria-controls={`part-${key}`}
            aria-selected={wide.includes(key) ? key === open : key === side} onClick={() => show(key)}>
            {names[key]}
            {counts[key] > 0 && <span className="count">{counts[key]}</span>}
          </button>
        ))}
      </div>
      {Children.toArray(children).map((child, index) => (
        <section key={keys[index]} className="part" role="tabpanel" id={`part-${keys[index]}`} data-part={keys[index]}
          data-wide={wide.includes(keys[index]) ? "" : undefined} data-open={keys[index] === open ? "" : undefined}
          data-side={keys[index] === side ? "" : undefined} aria-labelledby={`tab-${keys[index]}`}>
          {child}
        </section>
      ))}
    </div>
  );
}
