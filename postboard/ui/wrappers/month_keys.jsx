/* Arrow keys lead from one day with posts to the next, up and down by weeks; Page Up and Page Down
   turn to the month beside this one. */

import { useEffect, useLayoutEffect, useRef } from "react";
import { usualFirstDay } from "./clocks.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Around the days of a month, as list items; those with posts hold a button. */
export function MonthKeys({ month, before, after, onTurn, children }) {
  const ref = useRef(null);
  const turned = useRef(false);
  useLayoutEffect(() => {
    if (usualFirstDay() === 1) ref.current.parentElement.dataset.week = "monday";
  }, []);
  const turns = { PageUp: before, PageDown: after };
  useEffect(() => {
    if (turned.current) (ref.current.querySelector('button[aria-pressed="true"]') ?? ref.current).focus();
    turned.current = false;
  }, [month]);
  const onKeyDown = (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey || metaKey || altKey || shiftKey || !(key in STEPS || key in turns)) return;
    event.preventDefault();
    if (key in STEPS) dayBeside(event.target.closest("li"), STEPS[key])?.focus();
    else if (turns[key]) {
      turned.current = true;
      onTurn(turns[key]);
    }
  };
  return (
    <div ref={ref} className="month-keys" tabIndex={-1} data-strip="" onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}

/* The button of the first day with posts that is so many days away, or further. */
function dayBeside(day, step) {
  const days = day ? [...day.parentElement.children] : [];
  for (let at = days.indexOf(day) + step; days[at]; at += Math.sign(step)) {
    const button = days[at].querySelector("button");
    if (button) return button;
  }
  return null;
}
