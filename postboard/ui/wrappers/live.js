/* Where the server says "something changed": ids and places only. It shares the page's own
   websocket, which halves what an open page costs the server, and joins the rooms the server
   chooses by the cookie. */

import io from "socket.io-client";
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";

let started = false;
const hearers = { signals: new Set(), others: new Set() };

/** Hear signals until the returned function is called. */
export const hear = (onSignals) => listen("signals", onSignals);

/** Hear at which post people came or went: the post's id. */
export const hearOthers = (onPost) => listen("others", onPost);

function listen(what, hearer) {
  hearers[what].add(hearer);
  if (!started) setTimeout(open); // the page makes the websocket, after its parts
  started = true;
  return () => hearers[what].delete(hearer);
}

/* The page opens the websocket, and opens it anew when it was lost; we join by ourselves then.
   Before the page is left we go, or the websocket would stay open for us alone. */
function open() {
  const endpoint = getBackendURL(env.EVENT);
  const opened = io(`${endpoint.origin}/live`, { path: endpoint.pathname });
  for (const [what, listening] of Object.entries(hearers)) {
    opened.on(what, (said) => listening.forEach((hearer) => hearer(said)));
  }
  opened.io.on("open", () => opened.active || opened.connect());
  if (opened.io.engine?.readyState === "open") opened.connect();
  addEventListener("beforeunload", () => opened.disconnect());
  addEventListener("pagehide", () => opened.disconnect());
}
