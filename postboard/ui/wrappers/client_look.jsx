/* The post on each network for whoever decides: fetched and drawn when it is asked for. */

import { lazy, Suspense, useEffect, useId, useState } from "react";
import { change } from "./post_store.js";
import { useWords } from "./words.jsx";

const Previews = lazy(() => import("./preview_pane.jsx").then((module) => ({ default: module.Previews })));

/** `look`: `{ id, words, accounts, client }` of the post that was asked for last. */
export function ClientLook({ postId, revision, look, names, onLook }) {
  const words = useWords();
  const panel = useId();
  const [open, setOpen] = useState(false);
  const here = open && look.id === postId;
  useEffect(() => {
    if (open) onLook(postId);
  }, [open, postId, revision]);
  useEffect(() => {
    if (here) change({ ...look, network: "" });
  }, [here, look]);
  return (
    <section className="client-look" data-strip="">
      <button type="button" className="button" aria-expanded={open} aria-controls={panel} onClick={() => setOpen(!open)}>
        {words.t("As it looks on each network")}
      </button>
      <div id={panel} hidden={!open} aria-busy={(open && !here) || undefined}>
        {here && (
          <Suspense fallback={<div className="previews" aria-busy="true" />}>
            <Previews names={names} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
