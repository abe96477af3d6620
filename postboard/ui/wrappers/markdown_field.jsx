/* A text in Markdown: buttons and keys that set its marks, and pictures that come from elsewhere on
   the page. */

import { useEffect, useRef } from "react";
import { useWords } from "./words.jsx";

const SAY_AFTER_MS = 300;
const WRAPPED = { bold: ["**", "**"], italic: ["*", "*"], link: ["[", "](https://)"] };
const BEGUN = { heading: "### ", list: "- ", quote: "> " };
const KEYS = { b: "bold", i: "italic", k: "link" };

/** `picture`: {n, text}: put in where the cursor stands whenever `n` has grown. */
export function MarkdownField({ name, value, maxLength, pictures, picture, onText, onPictures }) {
  const words = useWords();
  const area = useRef(null);
  const timer = useRef();
  const put = useRef(picture?.n ?? 0);

  const say = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => area.current && onText(area.current.value), SAY_AFTER_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    if (!picture || picture.n <= put.current) return;
    put.current = picture.n;
    area.current.focus();
    insert(area.current, picture.text);
  }, [picture?.n]);

  const mark = (kind) => {
    const field = area.current;
    field.focus();
    if (kind in WRAPPED) wrap(field, ...WRAPPED[kind]);
    else begin(field, BEGUN[kind]);
  };
  const onKeyDown = (event) => {
    const kind = KEYS[event.key.toLowerCase()];
    if (!kind || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    mark(kind);
  };
  const button = (kind, sign, label) => (
    <button type="button" className="markdown-mark" data-kind={kind} title={label} aria-label={label} onClick={() => mark(kind)}>
      {sign}
    </button>
  );
  return (
    <div className="markdown-field">
      <div className="markdown-marks" role="toolbar" aria-label={words.t("Formatting")}>
        {button("bold", "B", words.t("Bold"))}
        {button("italic", "I", words.t("Italic"))}
        {button("heading", "H", words.t("Heading"))}
        {button("list", "•", words.t("List"))}
        {button("quote", "”", words.t("Quotation"))}
        {button("link", "↗", words.t("Link"))}
        {pictures && (
          <button type="button" className="markdown-mark markdown-picture" onClick={() => onPictures()}>
            {words.t("Picture…")}
          </button>
        )}
      </div>
      <textarea
        ref={area}
        name={name}
        defaultValue={value}
        maxLength={maxLength}
        dir="auto"
        aria-label={words.t("Text, in Markdown")}
        onInput={say}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

/** As if it were typed, so that the browser's own undo takes it back. */
function insert(field, text) {
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function wrap(field, before, after) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  insert(field, before + value.slice(start, end) + after);
  field.setSelectionRange(start + before.length, end + before.length);
}

function begin(field, sign) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const lines = field.value.slice(start, field.selectionEnd).split("\n");
  field.setSelectionRange(start, field.selectionEnd);
  insert(field, lines.map((line) => (line.startsWith(sign) ? line : sign + line)).join("\n"));
}
