/* A place to drop, paste or choose one file; it is sent to our own route with its progress. */

import { useEffect, useRef, useState } from "react";
import { upload } from "./upload.js";
import { useWords } from "./words.jsx";

export function FileDrop({ action, accept, hint, onUploaded, onRefused }) {
  const words = useWords();
  const input = useRef(null);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(null);

  const send = (file) => {
    if (!file || sent !== null) return;
    setSent(0);
    upload(action, file, setSent)
      .then((name) => onUploaded(name, file.name))
      .catch((refused) => onRefused(words.said(refused.texts ?? { en: words.t("The file did not arrive. Try once more.") })))
      .finally(() => setSent(null));
  };

  useEffect(() => {
    const onPaste = (event) => {
      const file = event.clipboardData?.files?.[0];
      if (file) send(file);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  });

  return (
    <div
      className="file-drop"
      data-over={over ? "" : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        send(event.dataTransfer.files[0]);
      }}
    >
      <p>{words.t("Drop the file here, paste it, or choose it.")}</p>
      <p className="quiet">{hint}</p>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => {
          send(event.target.files[0]);
          event.target.value = "";
        }}
      />
      <button type="button" className="button button-primary" disabled={sent !== null}
        onClick={() => input.current.click()}>
        {words.t("Choose a file")}
      </button>
      {sent !== null && <progress max="1" value={sent} aria-label={words.t("Sending the file")} />}
    </div>
  );
}
