/* Ctrl-K opens a list that a few letters make short; "?" lists the keys. */

import { useEffect, useId, useRef, useState } from "react";
import { Dialog } from "./dialog.jsx";
import { useWords } from "./words.jsx";

const LOOK_AFTER_MS = 120;

export function Palette({ pages, asked, found, onLook }) {
  const [open, setOpen] = useState("");
  useEffect(() => {
    const onKey = (event) => {
      const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      const typing = event.target.closest?.("input,textarea,select,dialog,[contenteditable]");
      if (command) setOpen((before) => (before ? "" : "palette"));
      else if (event.key === "?" && !typing) setOpen("keys");
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const close = () => setOpen("");
  if (open === "keys") return <Keys onClose={close} />;
  if (open === "palette") return <Search pages={pages} asked={asked} found={found} onLook={onLook} onClose={close} />;
  return null;
}

function Search({ pages, asked, found, onLook, onClose }) {
  const words = useWords();
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const look = useRef(onLook);
  look.current = onLook;
  useEffect(() => {
    const timer = setTimeout(() => look.current(text), text ? LOOK_AFTER_MS : 0);
    return () => clearTimeout(timer);
  }, [text]);
  const wanted = text.trim().toLowerCase();
  const places = [
    ...pages.filter((page) => page.open && page.name.toLowerCase().includes(wanted)),
    ...(asked === text ? found : found.filter((place) => `${place.name} ${place.about}`.toLowerCase().includes(wanted))),
  ];
  const chosen = Math.min(at, places.length - 1);
  useEffect(() => {
    document.getElementById(`${list}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [list, chosen]);
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return; // Enter then chooses a character
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + places.length) % Math.max(1, places.length));
    else if (event.key === "Enter" && places[chosen]) window.location.assign(places[chosen].address);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog kind="palette" onClose={onClose}>
      <input
        type="text"
        className="palette-input"
        autoComplete="off"
        spellCheck={false}
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={places.length ? `${list}-${chosen}` : undefined}
        aria-label={words.t("Go to a client, a post or a page")}
        placeholder={words.t("Go to a client, a post or a page")}
        maxLength={100}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" className="palette-list" aria-label={words.t("Places")}>
        {places.map((place, index) => (
          <a
            key={place.address}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            href={place.address}
            tabIndex={-1}
            onPointerMove={() => setAt(index)}
          >
            <span>{place.name}</span>
            <span className="quiet">{place.about}</span>
          </a>
        ))}
      </div>
      {!places.length && asked === text && <p className="quiet palette-none">{words.t("Nothing has these letters.")}</p>}
    </Dialog>
  );
}

function Keys({ onClose }) {
  const words = useWords();
  const keys = document.querySelector("[data-keys=calendar]") ? calendarKeys(words) : [
    ["Ctrl K", words.t("Go to a client, a post or a page")],
    ["/", words.t("Search posts")],
    ["C", words.t("New post")],
    ["H J K L", words.t("Walk over the cards")],
    ["Enter", words.t("Open the card")],
    ["E", words.t("Open the post’s page")],
    ["M", words.t("Choose the card’s next step")],
    ["X", words.t("Choose the card, to change several at once")],
    ["⇧ X", words.t("Choose all cards shown in the column")],
    ["B", words.t("Go to what can be done with the chosen cards")],
    ["Ctrl Z", words.t("Take back what was changed on several cards")],
    [words.t("Space"), words.t("Lift the card; arrow keys carry it, space drops it")],
    ["Esc", words.t("Close")],
  ];
  return (
    <Dialog label={words.t("Keys")} onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>{key.split(" ").map((part) => <kbd key={part}>{part}</kbd>)}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

const calendarKeys = (words) => [
  ["Ctrl K", words.t("Go to a client, a post or a page")],
  ["C", words.t("New post")],
  ["J K", words.t("Later, earlier")],
  ["T", words.t("Today")],
  ["M W D L", words.t("Month, week, day, list")],
  ["Enter", words.t("Open the post under the focus, to move it")],
  ["Ctrl Z", words.t("Take the last move back")],
  ["Esc", words.t("Close")],
];
