/* Two pictures in one place: the slider uncovers the one or the other, by hand, touch or arrow keys.
   Beside it, both at full width, for who would rather look from one to the other. */

import { useState } from "react";
import { useWords } from "./words.jsx";

export function Wipe({ before, after, beforeAlt = "", afterAlt = "" }) {
  const words = useWords();
  const [share, setShare] = useState(50);
  const [aside, setAside] = useState(false);
  return (
    <div className="wipe" data-aside={aside ? "" : undefined} style={{ "--share": `${share}%` }}>
      <div className="wipe-pictures">
        <figure>
          <img src={before} alt={beforeAlt} />
          <figcaption>{words.t("Before")}</figcaption>
        </figure>
        <figure>
          <img src={after} alt={afterAlt} />
          <figcaption>{words.t("After")}</figcaption>
        </figure>
        {!aside && (
          <input
            type="range"
            min="0"
            max="100"
            value={share}
            aria-label={words.t("How much of the picture before is seen")}
            aria-valuetext={words.t("{n} % before", { n: share })}
            onChange={(event) => setShare(Number(event.target.value))}
          />
        )}
      </div>
      <button type="button" className="link" aria-pressed={aside} onClick={() => setAside(!aside)}>
        {aside ? words.t("One over the other") : words.t("Side by side")}
      </button>
    </div>
  );
}
