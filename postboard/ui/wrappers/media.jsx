/* The pictures and videos of a post: added, ordered, described, and the point that crops keep. */

import { useRef, useState } from "react";
import { Dialog, toast } from "./dialog.jsx";
import { Library } from "./library.jsx";
import { current, edit, usePost } from "./post_store.js";
import { focusOf, placementNames, placementsOn, positionOf } from "./post_words.js";
import { ACCEPT, Uploads, factsOf, send, useFiles } from "./uploads.jsx";
import { t, useWords } from "./words.jsx";

const MOST = 40;
const STEP = 0.02;
const RATIOS = { feed: [[4, 5], [1, 1], [1.91, 1]], story: [[9, 16]], reel: [[9, 16]], ad: [[1, 1], [1.91, 1]] };
const DRAGGED = "application/x-postboard-place";

/* Which upload a file came by: files that arrive late still stand in the order they were given. */
const numbers = new Map();

const listed = () => current().words?.media ?? [];
const put = (media) => edit("media", media);
const thumbOf = (one) => (one.asset ? `/media/${one.asset}/thumb` : one.url);

function mediaOf({ url, alt, asset, digest, kind, type, size, width, height, duration_ms }) {
  return { url, alt, asset, digest, kind, type, size, width, height, duration_ms, focus: [] };
}

function add(media, number) {
  const list = listed();
  if (list.some((one) => one.asset === media.asset)) {
    toast(t("This file is in the post already."), "hint");
    return;
  }
  if (list.length >= MOST) {
    toast(t("A post takes at most {limit} pictures.", { limit: MOST }), "refused");
    return;
  }
  if (number) numbers.set(media.asset, number);
  const later = number ? list.findIndex((one) => numbers.get(one.asset) > number) : -1;
  put(later < 0 ? [...list, media] : list.toSpliced(later, 0, media));
}

function move(from, to) {
  const list = [...listed()];
  if (to < 0 || to >= list.length || from === to) return;
  const [one] = list.splice(from, 1);
  list.splice(to, 0, one);
  put(list);
}

const set = (at, part) => put(listed().map((one, index) => (index === at ? { ...one, ...part } : one)));

/** The strip in a post's editor. */
export function MediaStrip({ client, mayEdit, onLibrary }) {
  const words = useWords();
  const { id, words: post } = usePost();
  const [open, setOpen] = useState(-1);
  const [removed, setRemoved] = useState(null);
  const files = useFiles((given) => {
    // Who turned to another post meanwhile does not find the files there.
    send(client, given, (asset, number) => current().id === id && add(mediaOf(asset), number));
  }, mayEdit);
  if (!post) return null;
  const media = post.media;
  const remove = (at) => {
    setRemoved({ one: media[at], at });
    setOpen(-1);
    put(media.filter((_, index) => index !== at));
  };
  const bringBack = () => {
    put(listed().toSpliced(removed.at, 0, removed.one));
    setRemoved(null);
  };
  return (
    <section className="media-strip" data-field="media" tabIndex={-1} aria-labelledby="media-strip-name" {...files.place}>
      <header className="media-head">
        <h2 id="media-strip-name">{words.t("Pictures and videos")}</h2>
        <span className="count">{media.length || ""}</span>
        <span className="grow" />
        {mayEdit && (
          <>
            {files.chooser}
            <button type="button" className="button" onClick={files.choose}>{words.t("Add files")}</button>
            <button type="button" className="button" onClick={() => onLibrary()}>{words.t("From the library")}</button>
          </>
        )}
      </header>
      {media.length === 0 && (
        <p className="media-none quiet">
          {mayEdit ? words.t("Drop pictures and videos here, or paste them.") : words.t("No pictures yet.")}
        </p>
      )}
      <ol className="media-list">
        {media.map((one, at) => (
          <Tile key={one.asset || one.url} one={one} at={at} count={media.length} mayEdit={mayEdit} onOpen={setOpen} onRemove={remove} />
        ))}
      </ol>
      {mayEdit && <Uploads client={client} />}
      <div role="status" className="media-removed">
        {removed && (
          <>
            <span>{words.t("Removed from the post.")}</span>
            <button type="button" className="link" onClick={bringBack}>{words.t("Undo")}</button>
          </>
        )}
      </div>
      {media[open] && (
        <Details
          key={media[open].asset || media[open].url}
          one={media[open]}
          at={open}
          client={client}
          placements={placementsOf(post)}
          mayEdit={mayEdit}
          onRemove={remove}
          onClose={() => setOpen(-1)}
        />
      )}
    </section>
  );
}

function Tile({ one, at, count, mayEdit, onOpen, onRemove }) {
  const words = useWords();
  const [over, setOver] = useState(false);
  const number = { n: at + 1 };
  const name = one.alt || (one.kind === "video" ? words.t("Video {n}", number) : words.t("Picture {n}", number));
  const drag = mayEdit && {
    draggable: true,
    onDragStart: (event) => event.dataTransfer.setData(DRAGGED, String(at)),
    onDragOver: (event) => {
      if (!event.dataTransfer.types.includes(DRAGGED)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event) => {
      setOver(false);
      const from = event.dataTransfer.getData(DRAGGED);
      if (from) move(Number(from), at);
    },
  };
  return (
    <li className="media-item" data-target={over ? "" : undefined} {...drag}>
      <button type="button" className="media-open" aria-label={words.t("Open: {name}", { name })} onClick={() => onOpen(at)}>
        <span className="library-picture" data-kind={one.kind}>
          <img src={thumbOf(one)} alt="" loading="lazy" draggable={false} />
        </span>
        <span className="library-facts">{factsOf(one)}</span>
        {!one.alt && <span className="media-lacks">{words.t("No alt text")}</span>}
      </button>
      {mayEdit && (
        <div className="media-moves">
          <button type="button" aria-label={words.t("Earlier: {name}", { name })} disabled={at === 0} onClick={() => move(at, at - 1)}>‹</button>
          <button type="button" aria-label={words.t("Later: {name}", { name })} disabled={at === count - 1} onClick={() => move(at, at + 1)}>›</button>
          <button type="button" aria-label={words.t("Remove: {name}", { name })} onClick={() => onRemove(at)}>×</button>
        </div>
      )}
    </li>
  );
}

function Details({ one, at, client, placements, mayEdit, onRemove, onClose }) {
  const words = useWords();
  const input = useRef(null);
  const [playing, setPlaying] = useState(false);
  const replace = (files) =>
    send(client, [...files].slice(0, 1), (asset) => {
      const place = listed().findIndex((each) => each === one || (each.asset || each.url) === (one.asset || one.url));
      if (place >= 0) set(place, mediaOf(asset));
    });
  return (
    <Dialog label={one.kind === "video" ? words.t("Video") : words.t("Picture")} kind="wide" onClose={onClose}>
      <div className="media-details">
        <div className="media-look">
          {playing ? (
            <video src={`/media/${one.asset}/original`} poster={one.url} controls autoPlay playsInline />
          ) : (
            <Focus one={one} placements={placements} mayEdit={mayEdit} onFocus={(focus) => set(at, { focus })} />
          )}
          {one.kind === "video" && (
            <button type="button" className="button" onClick={() => setPlaying(!playing)}>
              {playing ? words.t("Back to the still") : words.t("Play")}
            </button>
          )}
        </div>
        <div className="media-words">
          <label className="field">
            <span>{words.t("Alt text")}</span>
            <textarea
              rows={4}
              maxLength={4100}
              dir="auto"
              readOnly={!mayEdit}
              value={one.alt}
              onChange={(event) => set(at, { alt: event.target.value })}
            />
            <span className="hint">{words.t("What somebody who cannot see it should know.")}</span>
          </label>
          <p className="quiet">{[factsOf(one), weight(one.size)].filter(Boolean).join(" · ")}</p>
          <div className="quick-actions">
            {mayEdit && (
              <>
                <input
                  ref={input}
                  type="file"
                  accept={ACCEPT}
                  hidden
                  aria-hidden="true"
                  tabIndex={-1}
                  onChange={(event) => replace(event.target.files)}
                />
                <button type="button" className="button" onClick={() => input.current.click()}>{words.t("Replace…")}</button>
                <button type="button" className="button" onClick={() => onRemove(at)}>{words.t("Remove")}</button>
              </>
            )}
            {one.asset && <a className="button" href={`/media/${one.asset}/original?download`} download>{words.t("Download")}</a>}
          </div>
          {mayEdit && <Uploads client={client} />}
          <div className="dialog-buttons">
            <button type="button" className="button button-primary" onClick={onClose}>{words.t("Done")}</button>
          </div>
        </div>
      </div>
    </Dialog>
  );
}

/* The whole picture with the point on it, and every crop as the point makes it. */
function Focus({ one, placements, mayEdit, onFocus }) {
  const words = useWords();
  const [chosen, setChosen] = useState("");
  const names = { "": words.t("Every crop"), ...placementNames(words.t) };
  const point = focusOf(one, chosen);
  const aim = (x, y) => {
    const rest = one.focus.filter((each) => each.placement !== chosen);
    onFocus([...rest, { x: share(x), y: share(y), placement: chosen }]);
  };
  const onKeyDown = (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    aim(point.x + step[0] * STEP, point.y + step[1] * STEP);
  };
  const onPick = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    aim((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  const own = one.focus.some((each) => each.placement === chosen);
  const whole = <img src={one.url} alt={one.alt} draggable={false} />;
  if (!mayEdit) return <div className="focus-picture">{whole}</div>;
  return (
    <div className="focus">
      <div className="focus-picture" onPointerDown={(event) => event.target.closest("button") || onPick(event)}>
        {whole}
        <button
          type="button"
          className="focus-point"
          style={{ left: `${point.x * 100}%`, top: `${point.y * 100}%` }}
          aria-label={words.t("Focal point: {x} % from the left, {y} % from the top. Arrow keys move it.", {
            x: Math.round(point.x * 100),
            y: Math.round(point.y * 100),
          })}
          onKeyDown={onKeyDown}
        />
      </div>
      <p className="hint">{words.t("Click on what every crop should keep.")}</p>
      <div className="tags" role="group" aria-label={words.t("Which crop")}>
        {["", ...placements].map((placement) => (
          <button key={placement} type="button" className="tag" aria-pressed={placement === chosen} onClick={() => setChosen(placement)}>
            {names[placement]}
          </button>
        ))}
        {own && (
          <button type="button" className="link" onClick={() => onFocus(one.focus.filter((each) => each.placement !== chosen))}>
            {words.t("Back to the middle")}
          </button>
        )}
      </div>
      <div className="focus-crops">
        {(chosen ? [chosen] : placements).flatMap((placement) =>
          RATIOS[placement].map(([width, height]) => (
            <figure key={`${placement} ${width}:${height}`}>
              <img
                src={one.url}
                alt=""
                style={{ aspectRatio: `${width} / ${height}`, objectPosition: positionOf(focusOf(one, placement)) }}
              />
              <figcaption>{`${names[placement]} ${width}:${height}`}</figcaption>
            </figure>
          )),
        )}
      </div>
    </div>
  );
}

const share = (value) => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;

function placementsOf(post) {
  const chosen = post.networks.flatMap((network) => placementsOn(post, network));
  const found = Object.keys(RATIOS).filter((placement) => chosen.includes(placement));
  return found.length ? found : ["feed"];
}

function weight(bytes) {
  if (!bytes) return "";
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The library in a dialog: several files at once into the post. */
export function Picker({ onClose, ...library }) {
  const words = useWords();
  const { words: post } = usePost();
  const [chosen, setChosen] = useState([]);
  const toggle = (asset) =>
    setChosen((before) => (before.some((one) => one.id === asset.id) ? before.filter((one) => one.id !== asset.id) : [...before, asset]));
  const take = () => {
    chosen.forEach((asset) => add(mediaOf({ ...asset, asset: asset.id, url: `/media/${asset.id}/large` })));
    onClose();
  };
  return (
    <Dialog label={words.t("Media library")} kind="wide" onClose={onClose}>
      <Library
        {...library}
        chosen={chosen.map((one) => one.id)}
        taken={post.media.map((one) => one.asset)}
        onOpen={(id) => toggle(library.assets.find((one) => one.id === id))}
      />
      <div className="dialog-buttons picker-end">
        <button type="button" className="button" onClick={onClose}>{words.t("Cancel")}</button>
        <button type="button" className="button button-primary" disabled={!chosen.length} onClick={take}>
          {chosen.length ? words.plural("Add {n} file", "Add {n} files", chosen.length) : words.t("Choose files")}
        </button>
      </div>
    </Dialog>
  );
}
