/* A picture's width by its height, known before its post is shown, so that nothing jumps. */

import { useEffect, useState } from "react";

const PATIENCE_MS = 1500;
const LOOK_EVERY_MS = 40;
const SQUARE = 1;
const ratios = new Map();
const asked = new Map();

/** The ratio of a post's first picture; undefined until it is known or taken for a square. */
export function useRatio(post, next) {
  const url = unknown(post?.pictures[0]);
  const nextUrl = unknown(next?.pictures[0]);
  const [, drawAgain] = useState(0);
  useEffect(() => {
    if (!url || ratios.has(url)) return undefined;
    let gone = false;
    measure(url).then(() => gone || drawAgain((times) => times + 1));
    return () => (gone = true);
  }, [url]);
  useEffect(() => {
    if (nextUrl) measure(nextUrl);
  }, [nextUrl]);
  return url ? ratios.get(url) : post?.pictures[0]?.ratio || SQUARE;
}

/* Of a picture from the library the server knows the size. */
const unknown = (picture) => (picture?.ratio ? undefined : picture?.url);

/* The first bytes of a picture tell its size, long before it is all there. */
function measure(url) {
  if (!asked.has(url)) asked.set(url, new Promise((resolve) => look(url, resolve)));
  return asked.get(url);
}

function look(url, resolve) {
  const started = Date.now();
  const image = new Image();
  image.src = url;
  const end = () => {
    clearInterval(timer);
    const known = image.naturalWidth && image.naturalHeight;
    ratios.set(url, known ? image.naturalWidth / image.naturalHeight : SQUARE);
    resolve();
  };
  const timer = setInterval(() => {
    if (image.naturalWidth || Date.now() - started > PATIENCE_MS) end();
  }, LOOK_EVERY_MS);
  image.onload = end;
  image.onerror = end;
}
