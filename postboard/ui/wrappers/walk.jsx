/* j and k walk over the links of a list; Enter is the browser's own. */

import { useEffect } from "react";

export function Walk({ item }) {
  useEffect(() => {
    const onKey = (event) => {
      const step = { j: 1, k: -1 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.("input,textarea,select,dialog,[contenteditable]")) return;
      const items = [...document.querySelectorAll(item)];
      const at = items.indexOf(document.activeElement?.closest?.(item));
      const next = items[at < 0 ? 0 : at + step];
      next?.querySelector("a")?.focus();
      next?.scrollIntoView({ block: "nearest" });
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [item]);
  return null;
}
