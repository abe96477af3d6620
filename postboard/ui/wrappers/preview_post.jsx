/* One post as it stands on one network. Nothing in it leads away, and no text becomes markup. */

import { memo, useEffect, useMemo, useState } from "react";
import { folded, pieces } from "./preview_fold.js";
import { Icon } from "./preview_icons.jsx";
import { lookOf, networkWords } from "./preview_looks.js";
import { Media } from "./preview_media.jsx";
import { useWords } from "./words.jsx";

export const PostPreview = memo(function PostPreview(props) {
  const { network, placement, device, dark, safe } = props;
  const words = useWords();
  const say = useMemo(() => networkWords(words.t), [words]);
  const look = lookOf(network, placement);
  const post = { ...props, look, say, handle: handleOf(props) };
  const marks = {
    className: "pv",
    dir: "ltr",
    "data-network": network,
    "data-placement": placement,
    "data-device": device,
    "data-mode": dark ? "dark" : "light",
  };
  if (look.shape === "tall") {
    return (
      <article {...marks} data-tall="" aria-label={props.label}>
        <Tall {...post} safe={safe} />
      </article>
    );
  }
  const split = look.split && device === "desktop";
  const rest = split ? look.parts.filter((part) => part !== "media") : look.parts;
  return (
    <article {...marks} data-column={look.column || undefined} data-split={split || undefined} aria-label={props.label}>
      {split && <Part name="media" post={post} />}
      <div className="pv-body">
        {rest.map((part) => (
          <Part key={part} name={part} post={post} />
        ))}
      </div>
    </article>
  );
});

const handleOf = ({ account, name }) => account?.replace(/^@/, "") || name;

function Part({ name, post }) {
  return PARTS[name](post);
}

const PARTS = {
  head: (post) => <Head {...facesOf(post)} />,
  text: (post) => <Caption post={post} />,
  box: (post) => (
    <div className="pv-box">
      <Caption post={post} />
    </div>
  ),
  media: (post) => <Media media={post.media} look={post.look} placement={post.placement} name={post.networkName} />,
  title: (post) => post.title && <p className="pv-title" dir="auto">{post.title}</p>,
  time: ({ say }) => <p className="pv-time">{say.time}</p>,
  link: (post) => <Link post={post} />,
  ad: (post) => <AdBar post={post} />,
  button: (post) => post.link && <LinkButton />,
  cover: (post) => <Cover post={post} />,
  byline: ({ name, say }) => (
    <p className="pv-byline">
      <bdi>{name}</bdi> <span>{say.time}</span>
    </p>
  ),
  read: (post) => post.link && <ReadMore />,
  actions: ({ look, say, link }) => <Actions look={look} say={say} visit={Boolean(link)} />,
  comment: ({ comment, handle, name, hue, look, say }) =>
    comment && <Comment text={comment} name={look.head?.name === "handle" ? handle : name} initial={name} hue={hue} look={look} say={say} />,
};

const facesOf = ({ look, say, name, handle, account, hue }) => ({ look, say, name, handle, account, hue });

/* ── Who ── */

const Head = memo(function Head({ look, say, name, handle, account, hue }) {
  const { head } = look;
  const shown = { name, handle, account, say };
  return (
    <div className="pv-head">
      <Avatar name={name} hue={hue} square={head.square} rounded={head.rounded} />
      <div className="pv-who">
        <p className="pv-line">
          <bdi className="pv-name">{head.name === "handle" ? handle : name}</bdi>
          {head.beside?.map((what) => <Aside key={what} what={what} {...shown} />)}
        </p>
        {head.below && (
          <p className="pv-below">
            {head.below.map((what) => <Aside key={what} what={what} {...shown} />)}
          </p>
        )}
      </div>
      {head.end && (
        <p className="pv-below">
          {head.end.map((what) => <Aside key={what} what={what} {...shown} />)}
        </p>
      )}
      {head.follow ? <span className="pv-follow">{say[head.follow]}</span> : !head.end && <Icon name="dots" />}
    </div>
  );
});

function Aside({ what, account, say }) {
  if (what === "globe") return <Icon name="globe" />;
  if (what !== "handle") return <span>{say[what]}</span>;
  return account ? <bdi>@{account.replace(/^@/, "")}</bdi> : null;
}

function Avatar({ name, hue, square, rounded }) {
  return (
    <span className="pv-avatar" data-square={square} data-rounded={rounded} style={{ "--hue": hue }} aria-hidden="true">
      {[...(name || "·")][0].toUpperCase()}
    </span>
  );
}

/* ── What is said ── */

function Caption({ post }) {
  const { look, caption, handle } = post;
  if (!caption) return post.title || post.media.length ? null : <Unwritten />;
  return <Text text={caption} look={look} say={post.say} lead={look.lead ? handle : ""} />;
}

const Text = memo(function Text({ text, look, say, lead }) {
  const [open, setOpen] = useState(false);
  const head = useMemo(() => look.fold && folded(text, look.fold), [text, look]);
  useEffect(() => {
    if (!head) setOpen(false);
  }, [head === null]);
  const shut = head && !open;
  return (
    <div className="pv-text" dir="auto">
      {lead && <bdi className="pv-name pv-lead">{lead}</bdi>}
      <Tinted text={shut ? head : text} look={look} />
      {head && (
        <>
          {" "}
          <button type="button" className="pv-more" dir="auto" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? say.less : say[look.more]}
          </button>
        </>
      )}
    </div>
  );
});

const Tinted = memo(function Tinted({ text, look }) {
  return pieces(text, look.tints, look.closed).map(([piece, tinted], i) =>
    tinted ? <span key={i} className="pv-tint">{piece}</span> : piece,
  );
});

function Unwritten() {
  const { t } = useWords();
  return <p className="pv-unwritten">{t("Your words will stand here.")}</p>;
}

const Comment = memo(function Comment({ text, name, initial, hue, look, say }) {
  return (
    <div className="pv-comment">
      <Avatar name={initial} hue={hue} square={look.head?.square} rounded={look.head?.rounded} />
      <div className="pv-said">
        <bdi className="pv-name">{name}</bdi>
        <Text text={text} look={look.fold ? look : { ...look, fold: COMMENT_FOLD, more: "showMore" }} say={say} />
      </div>
    </div>
  );
});

const COMMENT_FOLD = { chars: 280, lines: 6 };

/* ── Where it leads ── */

function domainOf(link) {
  return link.replace(/^[a-z]+:\/\//i, "").split(/[/?#]/)[0].replace(/^www\./, "");
}

function Link({ post }) {
  const { t } = useWords();
  const { link, look, title, media } = post;
  if (!link) return null;
  if (look.link === "chip") {
    return (
      <p className="pv-chip pv-tint">
        <Icon name="link" />
        {t("Web link")}
      </p>
    );
  }
  // Networks draw a card only where no picture stands.
  if (media.length) return null;
  return (
    <div className="pv-card">
      <div className="pv-card-picture">
        <Icon name="picture" />
        <span>{t("The page’s own picture")}</span>
      </div>
      <div className="pv-card-words">
        <p className="pv-domain">{domainOf(link)}</p>
        <p className="pv-card-title" dir="auto">{title || t("The page’s own title")}</p>
      </div>
    </div>
  );
}

function AdBar({ post }) {
  const { t } = useWords();
  return (
    <div className="pv-ad">
      <div className="pv-card-words">
        <p className="pv-domain">{post.link ? domainOf(post.link) : t("No link yet")}</p>
        <p className="pv-card-title" dir="auto">{post.title || t("Headline")}</p>
        <p className="pv-card-more">{t("Description, as on the page")}</p>
      </div>
      <span className="pv-button">{t("Learn more")}</span>
    </div>
  );
}

function LinkButton() {
  const { t } = useWords();
  return <span className="pv-button pv-wide">{t("Learn more")}</span>;
}

function ReadMore() {
  const { t } = useWords();
  return <p className="pv-tint pv-read">{t("Read the original")}</p>;
}

/* WeChat shows the title over the first picture before an article is opened. */
function Cover({ post }) {
  const { title, caption, media } = post;
  return (
    <div className="pv-cover">
      <Media media={media.slice(0, 1)} look={COVER} placement={post.placement} name={post.networkName} />
      <p className="pv-cover-title" dir="auto">{title || caption.split("\n")[0].slice(0, 64)}</p>
    </div>
  );
}

const COVER = { media: { kind: "slides", ratio: [2.35, 2.35], most: 1, needs: "picture" } };

/* ── What one can do ── */

const Actions = memo(function Actions({ look, say, visit }) {
  const { t } = useWords();
  return (
    <div className="pv-actions" data-pills={look.pills || undefined} aria-hidden="true">
      {look.actions.map((each, i) => {
        if (each === "|") return <span key={i} className="pv-gap" />;
        if (typeof each === "string") return <span key={i} className={`pv-${each}`}>{say[each]}</span>;
        const [icon, word] = each;
        return (
          <span key={i} className="pv-action">
            <Icon name={icon} />
            {word && <span>{say[word]}</span>}
          </span>
        );
      })}
      {look.visit && visit && <span className="pv-visit">{t("Visit")}</span>}
    </div>
  );
});

/* ── Stories, reels and everything else that fills the phone ── */

function Tall(post) {
  const { t } = useWords();
  const { look, media, link, title, caption, safe, say } = post;
  const shots = media.slice(0, look.media.most);
  return (
    <>
      <div className="pv-screen" data-empty={shots.length ? undefined : ""}>
        <Media media={shots} look={look} placement={post.placement} name={post.networkName} />
        {look.progress && (
          <div className="pv-progress" aria-hidden="true">
            {(shots.length ? shots : [0]).map((_, i) => <i key={i} />)}
          </div>
        )}
        {look.progress && <Head {...facesOf(post)} />}
        {safe && <SafeZone zone={look.safe} />}
        {look.link === "sticker" && link && (
          <p className="pv-sticker">
            <Icon name="link" />
            <bdi>{domainOf(link)}</bdi>
          </p>
        )}
        {!look.progress && (
          <div className="pv-over">
            <Head {...facesOf(post)} />
            {look.titled && title && <p className="pv-title" dir="auto">{title}</p>}
            {!look.titled && caption && <Text text={caption} look={look} say={say} />}
            {look.sound && (
              <p className="pv-sound">
                <Icon name="music" />
                {t("Original sound")}
              </p>
            )}
          </div>
        )}
        {!look.progress && <Rail {...post} />}
      </div>
      {look.bar && (
        <div className="pv-bar" aria-hidden="true">
          <span className="pv-reply">{t("Send a message")}</span>
          <Icon name="heart" />
          <Icon name="send" />
        </div>
      )}
    </>
  );
}

function Rail({ look, name, hue }) {
  return (
    <div className="pv-rail" aria-hidden="true">
      {look.rail.map((icon) => (icon === "avatar" ? <Avatar key={icon} name={name} hue={hue} /> : <Icon key={icon} name={icon} />))}
    </div>
  );
}

function SafeZone({ zone }) {
  return <div className="pv-safe" style={{ inset: zone.map((share) => `${share}%`).join(" ") }} aria-hidden="true" />;
}
