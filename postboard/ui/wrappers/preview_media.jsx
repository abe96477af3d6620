/* Pictures and videos as the networks lay them out. */

import { memo, useRef, useState } from "react";
import { Icon } from "./preview_icons.jsx";
import { GRIDS } from "./preview_looks.js";
import { focusOf, positionOf } from "./post_words.js";
import { useWords } from "./words.jsx";

/** `look` is the network's row of preview_looks.js; `placement` chooses the crop. */
export const Media = memo(function Media({ media, look, placement, name }) {
  const { t } = useWords();
  const { kind, needs, most } = look.media;
  const first = useRatio(media[0]);
  if (!media.length) return needs ? <Nothing look={look} name={name} /> : null;
  const shots = media.slice(0, most);
  const ratio = shots.length === 1 && kind === "stack" ? first : within(look.media.ratio, first);
  const shown = { shots, ratio, placement, look };
  return (
    <div className="pv-media" data-kind={kind} data-n={Math.min(shots.length, 9)}>
      {KINDS[shots.length === 1 && kind !== "stack" ? "one" : kind](shown)}
      {look.altMark && shots.some((each) => each.alt) && <span className="pv-badge pv-alt">{t("ALT")}</span>}
    </div>
  );
});

const KINDS = {
  one: ({ shots, ...shown }) => <Shot media={shots[0]} {...shown} measured />,
  slides: (shown) => <Slides {...shown} />,
  grid: (shown) => <Grid {...shown} />,
  strip: (shown) => <Strip {...shown} />,
  nine: ({ shots, placement }) => shots.map((each, i) => <Shot key={i} media={each} ratio={1} placement={placement} />),
  stack: ({ shots, placement }) => shots.map((each, i) => <Natural key={i} media={each} placement={placement} />),
};

const SQUARE = 1;
const EMPTY = 3 / 4;
const known = new Map();

/* A picture's width by its height: from the library, else from the picture once it is here. */
function useRatio(media) {
  const [, drawAgain] = useState(0);
  if (!media) return SQUARE;
  if (media.width && media.height) return media.width / media.height;
  const source = sourceOf(media);
  if (!known.has(source)) {
    known.set(source, SQUARE);
    const image = new Image();
    image.onload = () => {
      known.set(source, image.naturalWidth / image.naturalHeight || SQUARE);
      drawAgain((times) => times + 1);
    };
    image.src = source;
  }
  return known.get(source);
}

const within = ([least, most], ratio) => Math.min(most, Math.max(least, ratio));

const sourceOf = (media) => (media.asset ? `/media/${media.asset}/large` : media.url);

function Natural({ media, placement }) {
  return <Shot media={media} ratio={useRatio(media)} placement={placement} />;
}

function Shot({ media, ratio, placement, area, children }) {
  const { t } = useWords();
  const source = sourceOf(media);
  const [lost, setLost] = useState("");
  const [playing, setPlaying] = useState(false);
  const isVideo = media.kind === "video";
  const style = { aspectRatio: area ? undefined : ratio, gridArea: area };
  const file = media.asset ? `/media/${media.asset}/original` : media.url;
  const hasPoster = (!isVideo || media.asset) && lost !== source;
  return (
    <div className="pv-shot" style={style}>
      {playing ? (
        <video src={file} autoPlay controls playsInline aria-label={media.alt || t("Video")} onError={() => setPlaying(false)} />
      ) : hasPoster ? (
        <img
          src={source}
          alt={media.alt ?? ""}
          draggable="false"
          style={{ objectPosition: positionOf(focusOf(media, placement)) }}
          onError={() => setLost(source)}
        />
      ) : (
        <p className="pv-lost" dir="auto">
          {media.alt || (isVideo ? t("Video") : t("This picture cannot be shown."))}
        </p>
      )}
      {isVideo && !playing && (
        <button type="button" className="pv-play" aria-label={t("Play the video")} onClick={() => setPlaying(true)}>
          <Icon name="play" />
        </button>
      )}
      {isVideo && !playing && media.duration_ms > 0 && <span className="pv-badge">{clock(media.duration_ms)}</span>}
      {children}
    </div>
  );
}

function clock(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const DOTS_MOST = 10;

function Slides({ shots, ratio, placement, look }) {
  const words = useWords();
  const track = useRef(null);
  const [turned, setTurned] = useState(0);
  const last = shots.length - 1;
  const at = Math.min(turned, last);
  const go = (to) => {
    const { current } = track;
    current.scrollTo({ left: Math.min(last, Math.max(0, to)) * current.clientWidth, behavior: "instant" });
  };
  const onKeyDown = (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  return (
    <div className="pv-slides">
      <div
        ref={track}
        className="pv-track"
        data-strip=""
        tabIndex={0}
        role="group"
        aria-label={words.t("Pictures: {n} of {m}", { n: at + 1, m: shots.length })}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget: { scrollLeft, clientWidth } }) => setTurned(Math.round(scrollLeft / clientWidth))}
      >
        {shots.map((each, i) => (
          <Shot key={i} media={each} ratio={ratio} placement={placement} />
        ))}
      </div>
      <span className="pv-badge pv-count" aria-hidden="true">
        {at + 1}/{shots.length}
      </span>
      <Turn icon="left" label={words.t("Previous picture")} shown={at > 0} onClick={() => go(at - 1)} />
      <Turn icon="right" label={words.t("Next picture")} shown={at < last} onClick={() => go(at + 1)} />
      {shots.length <= DOTS_MOST && (
        <div className="pv-dots" data-below={look.media.dotsBelow || undefined} aria-hidden="true">
          {shots.map((_, i) => (
            <i key={i} data-on={i === at || undefined} />
          ))}
        </div>
      )}
    </div>
  );
}

function Turn({ icon, label, shown, onClick }) {
  return (
    <button type="button" className="pv-turn" data-side={icon} hidden={!shown} aria-label={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

function Grid({ shots, placement, look }) {
  const grids = GRIDS[look.media.grid];
  const shown = shots.slice(0, grids.length + 1);
  const [rows, ratio] = grids[shown.length - 2];
  const more = shots.length - shown.length;
  const style = {
    aspectRatio: ratio,
    gridTemplateAreas: rows.map((row) => `"${[...row].join(" ")}"`).join(" "),
    gridTemplateColumns: `repeat(${rows[0].length}, minmax(0, 1fr))`,
    gridTemplateRows: `repeat(${rows.length}, minmax(0, 1fr))`,
  };
  return (
    <div className="pv-grid" style={style}>
      {shown.map((each, i) => (
        <Shot key={i} media={each} placement={placement} area={"abcde"[i]}>
          {more > 0 && i === shown.length - 1 && <span className="pv-rest">+{more}</span>}
        </Shot>
      ))}
    </div>
  );
}

function Strip({ shots, placement, look }) {
  const words = useWords();
  return (
    <div className="pv-strip" data-strip="" tabIndex={0} role="group" aria-label={words.t("Pictures")}>
      {shots.map((each, i) => (
        <StripShot key={i} media={each} placement={placement} look={look} />
      ))}
    </div>
  );
}

function StripShot({ media, placement, look }) {
  return <Shot media={media} ratio={within(look.media.ratio, useRatio(media))} placement={placement} />;
}

function Nothing({ look, name }) {
  const { t } = useWords();
  const network = { network: name };
  return (
    <div className="pv-media pv-nothing" style={{ aspectRatio: within(look.media.ratio, EMPTY) }}>
      <Icon name="picture" />
      <p>
        {{
          picture: () => t("{network} needs a picture here.", network),
          video: () => t("{network} needs a video here.", network),
          media: () => t("{network} needs a picture or a video here.", network),
        }[look.media.needs]()}
      </p>
    </div>
  );
}
