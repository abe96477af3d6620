/* Files on their way into a client's library: a few at a time, each with its own progress. What
   is under way goes on while one works elsewhere on the page. */

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { upload } from "./upload.js";
import { useWords } from "./words.jsx";

export const ACCEPT = "image/jpeg,image/png,image/gif,image/webp,video/mp4,video/quicktime,video/webm";
const AT_ONCE = 3;
const IMAGE_MB = 30;
const VIDEO_MB = 1000;
const MB = 1_000_000;
const NONE = Object.freeze([]);

let queue = NONE;
let lastId = 0;
const listeners = new Set();

/** `onDone(asset, number)`: what the server knows of the file; earlier files have lower numbers. */
export function send(client, files, onDone) {
  const added = [...files].map((file) => {
    lastId += 1;
    const problem = tooLarge(file) ? "large" : "";
    return { id: lastId, client, file, onDone, state: problem ? "failed" : "waiting", share: 0, problem };
  });
  publish([...queue, ...added]);
  next();
}

function retry(id) {
  update(id, { state: "waiting", share: 0, problem: "", texts: undefined });
  next();
}

function cancel(id) {
  queue.find((one) => one.id === id)?.stop?.abort();
  publish(queue.filter((one) => one.id !== id));
  next();
}

function next() {
  const busy = queue.filter((one) => one.state === "sending").length;
  queue
    .filter((one) => one.state === "waiting")
    .slice(0, Math.max(0, AT_ONCE - busy))
    .forEach(start);
}

function start({ id, client, file, onDone }) {
  const stop = new AbortController();
  update(id, { state: "sending", stop });
  upload(`/media/${client}`, file, (share) => update(id, { share }), stop.signal).then(
    (asset) => {
      publish(queue.filter((one) => one.id !== id));
      onDone(asset, id);
      next();
    },
    ({ texts }) => fail(id, texts ? { texts } : { problem: "lost" }),
  );
}

function fail(id, why) {
  update(id, { state: "failed", ...why });
  next();
}

const tooLarge = (file) => file.size > (file.type.startsWith("image/") ? IMAGE_MB : VIDEO_MB) * MB;

function update(id, part) {
  publish(queue.map((one) => (one.id === id ? { ...one, ...part } : one)));
}

function publish(files) {
  queue = Object.freeze(files);
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is under way, and what did not work and why. */
export function Uploads({ client }) {
  const words = useWords();
  const all = useSyncExternalStore(subscribe, () => queue, () => NONE);
  const files = all.filter((one) => one.client === client);
  if (!files.length) return null;
  return (
    <ul className="uploads" aria-label={words.t("Files on their way")}>
      {files.map((one) => (
        <li key={one.id} data-state={one.state}>
          <span className="upload-name" dir="auto">{one.file.name}</span>
          {one.state === "failed" ? (
            <span className="problem" role="alert">{problemOf(words, one)}</span>
          ) : (
            <Progress one={one} />
          )}
          {one.state === "failed" && one.problem === "lost" && (
            <button type="button" className="link" onClick={() => retry(one.id)}>{words.t("Try again")}</button>
          )}
          <button
            type="button"
            className="close"
            aria-label={
              one.state === "failed"
                ? words.t("Dismiss {name}", { name: one.file.name })
                : words.t("Stop sending {name}", { name: one.file.name })
            }
            onClick={() => cancel(one.id)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

function Progress({ one }) {
  const words = useWords();
  const arrived = one.share >= 1;
  return (
    <>
      {/* Without a value it moves: the server looks at the file, and nobody knows for how long. */}
      <progress max="1" value={arrived ? undefined : one.share} aria-label={words.t("Sending {name}", { name: one.file.name })} />
      <span className="upload-share">{arrived ? words.t("Reading the file…") : `${Math.floor(one.share * 100)} %`}</span>
    </>
  );
}

function problemOf(words, one) {
  if (one.texts) return words.said(one.texts);
  if (one.problem === "large") {
    return words.t("A picture may have {image} MB and a video {video} MB; this file has {size} MB.", {
      image: IMAGE_MB,
      video: VIDEO_MB,
      size: Math.ceil(one.file.size / MB),
    });
  }
  return words.t("The file did not arrive. Try once more.");
}

/** A place that takes files: dropped on it, pasted anywhere on the page, or chosen.
    Returns what its element needs, whether files hover over it, and the way to choose some. */
export function useFiles(onFiles, isOpen = true) {
  const input = useRef(null);
  const take = useRef(onFiles);
  take.current = onFiles;
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPaste = (event) => {
      const files = event.clipboardData?.files;
      const typing = event.target.closest?.("input,textarea,[contenteditable]");
      // A word processor puts a picture of its text beside the text.
      if (!files?.length || (typing && event.clipboardData.types.includes("text/plain"))) return;
      event.preventDefault();
      take.current(files);
    };
    // A file that misses its place would replace the whole page.
    const stay = (event) => hasFiles(event) && event.preventDefault();
    document.addEventListener("paste", onPaste);
    window.addEventListener("dragover", stay);
    window.addEventListener("drop", stay);
    return () => {
      document.removeEventListener("paste", onPaste);
      window.removeEventListener("dragover", stay);
      window.removeEventListener("drop", stay);
    };
  }, [isOpen]);
  const place = isOpen
    ? {
        "data-over": over ? "" : undefined,
        onDragOver: (event) => {
          if (!hasFiles(event)) return;
          event.preventDefault();
          setOver(true);
        },
        onDragLeave: (event) => event.currentTarget.contains(event.relatedTarget) || setOver(false),
        onDrop: (event) => {
          if (!hasFiles(event)) return;
          event.preventDefault();
          setOver(false);
          take.current(event.dataTransfer.files);
        },
      }
    : {};
  const chooser = (
    <input
      ref={input}
      type="file"
      accept={ACCEPT}
      multiple
      hidden
      aria-hidden="true"
      tabIndex={-1}
      onChange={(event) => {
        take.current(event.target.files);
        event.target.value = "";
      }}
    />
  );
  return { place, chooser, choose: () => input.current?.click() };
}

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** "1080 × 1350", and how long a video is. */
export function factsOf(one) {
  const size = one.width ? `${one.width} × ${one.height}` : "";
  return one.kind === "video" ? `${size} · ${clock(one.duration_ms)}` : size;
}

function clock(duration_ms) {
  const seconds = Math.round(duration_ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
