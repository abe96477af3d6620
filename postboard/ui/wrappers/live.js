/* The socket that says "something changed": ids and places only. It shares the connection's
   address and cookie with the page's own socket, and joins the rooms the server chooses. */

import io from "socket.io-client";
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";

let socket;
const hearers = new Set();

/** Hear signals until the returned function is called. */
export function hear(onSignals) {
  hearers.add(onSignals);
  socket ??= open();
  return () => hearers.delete(onSignals);
}

function open() {
  const endpoint = getBackendURL(env.EVENT);
  const opened = io(`${endpoint.origin}/live`, {
    path: endpoint.pathname,
    transports: ["websocket"],
    reconnectionDelay: 300,
    reconnectionDelayMax: 4000,
    forceNew: true,
  });
  opened.on("signals", (signals) => hearers.forEach((hearer) => hearer(signals)));
  return opened;
}
