/* The post as each chosen network will show it, while it is being typed. */

import { memo, useCallback, useDeferredValue, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { change, usePost } from "./post_store.js";
import { captionOn, firstCommentOn, linkOn, placementNames, placementsOn, titleOn } from "./post_words.js";
import { PHONE_PX, lookOf } from "./preview_looks.js";
import { PostPreview } from "./preview_post.jsx";
import { useWords } from "./words.jsx";

/** `names` calls each network by its name, in the order they are shown in. */
export function Previews({ names }) {
  // Typing comes first: previews are drawn when the key has been answered.
  const { id, words, network, accounts, client } = useDeferredValue(usePost());
  const { t } = useWords();
  const [chosen, choose] = useChoices();
  const panel = useId();
  const networks = useMemo(
    () => Object.keys(names).filter((each) => words?.networks.includes(each)),
    [names, words?.networks],
  );
  const placements = useMemo(
    () => Object.fromEntries(networks.map((each) => [each, placementsOn(words, each)])),
    [networks, words?.variants],
  );
  const said = useMemo(() => Object.fromEntries(networks.map((each) => [each, saidOn(words, each)])), [networks, words]);
  const place = useCallback((where, placement) => choose({ placements: { [where]: placement } }), [choose]);
  if (!words) return null;
  if (!networks.length) return <Nowhere />;
  const current = networks.includes(network) ? network : networks[0];
  const shown = chosen.all ? networks : [current];
  const placementOf = (each) =>
    placements[each].includes(chosen.placements[each]) ? chosen.placements[each] : placements[each][0];
  const anyTall = shown.some((each) => lookOf(each, placementOf(each)).shape === "tall");
  return (
    <div className="previews" data-all={chosen.all ? chosen.device : undefined}>
      <Tabs
        label={t("Networks")}
        kind="networks"
        tabs={networks.map((each) => [each, names[each]])}
        current={current}
        panel={panel}
        onChoose={(each) => change({ network: each })}
      />
      <Tools chosen={chosen} choose={choose} anyTall={anyTall} many={networks.length > 1} />
      <div id={panel} role="tabpanel" aria-label={names[current]} className="frames">
        {shown.map((each) => (
          <Frame
            key={`${id} ${each}`}
            network={each}
            networkName={names[each]}
            current={chosen.all && each === current}
            placements={placements[each]}
            placement={placementOf(each)}
            onPlace={place}
            device={chosen.device}
            dark={chosen.dark}
            safe={chosen.safe}
            {...said[each]}
            media={words.media}
            account={accounts[each]}
            name={client.name}
            hue={client.hue}
          />
        ))}
      </div>
      <p className="previews-note">{t("Approximate: networks fold and crop a little differently on each device.")}</p>
    </div>
  );
}

function saidOn(words, network) {
  return {
    caption: captionOn(words, network),
    title: titleOn(words, network),
    comment: firstCommentOn(words, network),
    link: linkOn(words, network),
  };
}

function Nowhere() {
  const { t } = useWords();
  return <p className="previews previews-none">{t("Choose a network to see the post on it.")}</p>;
}

/* ── What the reader chose, kept in this browser ── */

const KEPT_AS = "postboard.previews";
const AT_FIRST = { device: "phone", dark: false, all: false, safe: true, placements: {} };

function useChoices() {
  const [chosen, setChosen] = useState(remembered);
  const choose = useCallback(
    (part) =>
      setChosen((before) => ({ ...before, ...part, placements: { ...before.placements, ...part.placements } })),
    [],
  );
  useEffect(() => {
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify(chosen));
    } catch {
      // a browser that keeps nothing
    }
  }, [chosen]);
  return [chosen, choose];
}

function remembered() {
  try {
    return { ...AT_FIRST, ...JSON.parse(localStorage.getItem(KEPT_AS)) };
  } catch {
    return AT_FIRST;
  }
}

/* ── Controls ── */

function Tabs({ label, kind, tabs, current, panel, onChoose }) {
  const list = useRef(null);
  const onKeyDown = (event) => {
    const at = tabs.findIndex(([key]) => key === current);
    const last = tabs.length - 1;
    const to = { ArrowLeft: at ? at - 1 : last, ArrowRight: at === last ? 0 : at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChoose(tabs[to][0]);
    list.current.children[to].focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={label} className={`tabs previews-tabs previews-${kind}`} onKeyDown={onKeyDown}>
      {tabs.map(([key, name]) => (
        <button
          key={key}
          type="button"
          role="tab"
          className="tab"
          aria-selected={key === current}
          aria-controls={panel}
          tabIndex={key === current ? 0 : -1}
          onClick={() => onChoose(key)}
        >
          {kind === "networks" && <span className="network" data-network={key} aria-hidden="true" />}
          <span>{name}</span>
        </button>
      ))}
    </div>
  );
}

function Tools({ chosen, choose, anyTall, many }) {
  const { t } = useWords();
  return (
    <div className="previews-tools">
      <Choice
        label={t("Device")}
        choices={[["phone", t("Phone")], ["desktop", t("Desktop")]]}
        current={chosen.device}
        onChoose={(device) => choose({ device })}
      />
      <Choice
        label={t("Appearance")}
        choices={[[false, t("Light")], [true, t("Dark")]]}
        current={chosen.dark}
        onChoose={(dark) => choose({ dark })}
      />
      {many && (
        <Choice
          label={t("How many")}
          choices={[[false, t("One")], [true, t("All")]]}
          current={chosen.all}
          onChoose={(all) => choose({ all })}
        />
      )}
      {anyTall && (
        <button type="button" className="previews-safe" aria-pressed={chosen.safe} onClick={() => choose({ safe: !chosen.safe })}>
          {t("Safe zones")}
        </button>
      )}
    </div>
  );
}

function Choice({ label, choices, current, onChoose }) {
  return (
    <div role="group" aria-label={label} className="previews-choice">
      {choices.map(([value, name]) => (
        <button key={name} type="button" aria-pressed={value === current} onClick={() => onChoose(value)}>
          {name}
        </button>
      ))}
    </div>
  );
}

/* ── One network's place ── */

const Frame = memo(function Frame({ current, placements, onPlace, ...post }) {
  const words = useWords();
  const { network, networkName, placement, device, media } = post;
  const look = lookOf(network, placement);
  const tall = look.shape === "tall";
  const width = device === "phone" || tall ? PHONE_PX : look.width;
  const [ref, zoom] = useZoom(width);
  const names = placementNames(words.t);
  const panel = useId();
  useEffect(() => {
    if (current) ref.current.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <section ref={ref} className="frame" data-current={current || undefined} data-tall={tall || undefined}>
      <div className="frame-head">
        <p className="frame-name">{networkName}</p>
        {placements.length > 1 && (
          <Tabs
            label={words.t("Placements on {network}", { network: networkName })}
            kind="placements"
            tabs={placements.map((each) => [each, names[each]])}
            current={placement}
            panel={panel}
            onChoose={(each) => onPlace(network, each)}
          />
        )}
      </div>
      <div id={panel} className="frame-post" style={{ width: width * zoom }}>
        <div style={{ width, zoom }}>
          <PostPreview {...post} label={words.t("{network} preview", { network: networkName })} />
        </div>
      </div>
      <Notes look={look} networkName={networkName} post={post} media={media} />
    </section>
  );
});

/* A post keeps its network's proportions: where the place is narrower, all of it shrinks. */
function useZoom(width) {
  const ref = useRef(null);
  const [room, setRoom] = useState(width);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setRoom(Math.floor(entry.contentRect.width)));
    observer.observe(ref.current);
    setRoom(Math.floor(ref.current.getBoundingClientRect().width));
    return () => observer.disconnect();
  }, []);
  return [ref, Math.min(1, room / width)];
}

/* What the preview leaves out, said instead of drawn. */
function Notes({ look, networkName, post, media }) {
  const { t, plural } = useWords();
  const notes = [];
  const { most, needs } = look.media;
  if (media.length > most) {
    notes.push(
      plural("{network} takes {n} picture here; the others are left out.", "{network} takes {n} pictures here; the others are left out.", most, { network: networkName }),
    );
  }
  if (needs === "video" && media.length && media[0].kind !== "video") {
    notes.push(t("{network} needs a video here; the picture stands in for it.", { network: networkName }));
  }
  if (look.link === "card" && post.link && media.length) {
    notes.push(t("Beside pictures, {network} draws no link card.", { network: networkName }));
  }
  if (look.hides && post.caption) notes.push(t("A story shows no caption."));
  return notes.map((note) => (
    <p key={note} className="frame-note">
      {note}
    </p>
  ));
}
