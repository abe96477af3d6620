/* Says that the server is out of reach, as long as it is. */

import { useContext } from "react";
import { EventLoopContext } from "$/utils/context-registry";
import { useWords } from "./words.jsx";

const ENOUGH = 2; // a single try fails whenever the server starts anew

export function Connection() {
  const words = useWords();
  const [, failed] = useContext(EventLoopContext);
  if (failed.length < ENOUGH) return null;
  return (
    <p className="connection" role="alert">
      {words.t("No connection. Trying again…")}
    </p>
  );
}
