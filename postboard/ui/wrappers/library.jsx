/* A client's library as a grid of tiles: searched, filtered by tag, filled by dropping files. */

import { useEffect, useRef, useState } from "react";
import { Uploads, factsOf, send, useFiles } from "./uploads.jsx";
import { useWords } from "./words.jsx";

const LOOK_AFTER_MS = 150;
const ONE_BY_ONE_MS = 300;
const FEW_TAGS = 12;

/** `chosen`: ids of the tiles that are picked, `taken` of those that cannot be; without them a
    tile opens its file. */
export function Library(props) {
  const { client, assets, total, tags, filter, mayEdit, chosen, taken = [], onLook, onMore, onOpen } = props;
  const words = useWords();
  const again = useRef();
  const look = (part) => {
    const wanted = { ...filter, ...part };
    onLook(client, wanted.text, wanted.tag, wanted.kind, wanted.archived);
  };
  const files = useFiles(
    (dropped) =>
      send(client, dropped, () => {
        clearTimeout(again.current);
        again.current = setTimeout(() => look({}), ONE_BY_ONE_MS);
      }),
    mayEdit && !chosen,
  );
  const filtered = filter.text || filter.tag || filter.archived;
  return (
    <div className="library" {...files.place}>
      <div className="library-bar">
        <Search text={filter.text} onText={(text) => look({ text })} />
        <select
          aria-label={words.t("Kind of file")}
          value={filter.archived ? "archived" : filter.kind}
          onChange={({ target: { value } }) =>
            look(value === "archived" ? { kind: "", archived: true } : { kind: value, archived: false })
          }
        >
          <option value="">{words.t("Pictures and videos")}</option>
          <option value="image">{words.t("Pictures")}</option>
          <option value="video">{words.t("Videos")}</option>
          <option value="archived">{words.t("Archived")}</option>
        </select>
        {mayEdit && !chosen && (
          <>
            {files.chooser}
            <button type="button" className="button button-primary" onClick={files.choose}>
              {words.t("Add files")}
            </button>
          </>
        )}
      </div>
      <Tags tags={tags} tag={filter.tag} onTag={(tag) => look({ tag })} />
      {mayEdit && !chosen && <Uploads client={client} />}
      {assets.length === 0 && (
        <p className="library-none quiet">
          {filtered
            ? words.t("No file fits. Search for less, or choose another tag.")
            : filter.kind
              ? words.t("Nothing of this kind here yet.")
              : mayEdit
              ? words.t("Nothing here yet. Drop pictures and videos here, or paste them.")
              : words.t("Nothing here yet.")}
        </p>
      )}
      <ul className="library-grid">
        {assets.map((asset) => (
          <Tile
            key={asset.id}
            asset={asset}
            chosen={chosen?.includes(asset.id)}
            taken={taken.includes(asset.id)}
            onOpen={onOpen}
          />
        ))}
      </ul>
      {assets.length < total && (
        <button type="button" className="button library-more" onClick={() => onMore()}>
          {words.t("Show more")}
        </button>
      )}
    </div>
  );
}

function Tile({ asset, chosen, taken, onOpen }) {
  const words = useWords();
  return (
    <li>
      <button type="button" className="library-tile" aria-pressed={chosen} disabled={taken} onClick={() => onOpen(asset.id)}>
        <span className="library-picture" data-kind={asset.kind}>
          <img src={`/media/${asset.id}/thumb`} alt={asset.alt} loading="lazy" decoding="async" />
        </span>
        <span className="library-name" dir="auto">{asset.name}</span>
        <span className="library-facts">
          {taken ? words.t("In this post") : factsOf(asset)}
          {!taken && asset.uses > 0 && ` · ${words.plural("{n} post", "{n} posts", asset.uses)}`}
        </span>
      </button>
    </li>
  );
}

function Search({ text, onText }) {
  const words = useWords();
  const [typed, setTyped] = useState(text);
  const say = useRef(onText);
  say.current = onText;
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => say.current(typed), LOOK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      type="search"
      className="library-search"
      placeholder={words.t("Search names, alt texts and tags")}
      aria-label={words.t("Search names, alt texts and tags")}
      maxLength={100}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function Tags({ tags, tag, onTag }) {
  const words = useWords();
  const [all, setAll] = useState(false);
  if (!tags.length && !tag) return null;
  const few = all ? tags : tags.slice(0, FEW_TAGS);
  const shown = tag && !few.some(([name]) => name === tag) ? [[tag, 0], ...few] : few;
  return (
    <div className="library-tags" role="group" aria-label={words.t("Tags")}>
      {shown.map(([name, count]) => (
        <button key={name} type="button" className="tag" aria-pressed={name === tag} onClick={() => onTag(name === tag ? "" : name)}>
          {name} <span className="count">{count || ""}</span>
        </button>
      ))}
      {!all && tags.length > few.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {words.plural("{n} more", "{n} more", tags.length - few.length)}
        </button>
      )}
    </div>
  );
}
