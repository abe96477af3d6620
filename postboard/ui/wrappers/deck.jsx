/* One post at a time for whoever decides: turned by button, arrow key or swipe, decided by one tap.
   How a post looks is Python's business (renderPost). */

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useRatio } from "./picture_ratio.js";
import { useWords } from "./words.jsx";

const loadApproveAll = () => import("./approve_all.jsx").then((module) => module.ApproveAll);
const loadChangeRequest = () => import("./change_request.jsx").then((module) => module.ChangeRequest);
const PATIENCE_MS = 10_000;
const A_LOOK_MS = 1_000;

export function Deck(props) {
  const { visit, order, others, posts, done, answered, tags, renderPost, back, choices, children } = props;
  const { onTurn, onApprove, onRequest, onList, onApproveAll, onSeen } = props;
  const words = useWords();
  const ref = useRef(null);
  const [at, turn, turnTo] = useTurning(order, others, back, onTurn);
  const [decision, decide] = useDecision(answered, visit);
  const [asking, setAsking] = useState("");
  const [wanted, setWanted] = useState(""); // the post to ask for changes of, once it is here
  const [all, setAll] = useState(false);
  const everything = [...order, ...others];
  const place = order.indexOf(at);
  const post = posts.find((each) => each.id === at);
  const ratio = useRatio(post, posts[posts.indexOf(post) + 1]);

  useEffect(() => {
    if (at && !post) onTurn(at);
  }, [at, post === undefined]);
  useLook(ref, post, onSeen);
  useEffect(() => {
    if (!wanted || post?.id !== wanted) return;
    setAsking(roundOf(post));
    setWanted("");
  }, [wanted, post]);
  useEffect(() => setAll(false), [answered]);
  useFocusOnTurn(ref, at, visit);
  useTakeover(ref, visit && (!order.length || (post && ratio)));
  useArrowKeys(ref, turn);
  const swipe = useSwipe(turn);
  const round = post && roundOf(post);
  const ApproveAll = useSheet(loadApproveAll, all, () => setAll(false));
  const ChangeRequest = useSheet(loadChangeRequest, Boolean(post) && asking === round, () => setAsking(""));

  if (!visit) return <Skeleton />;
  if (!at) {
    return (
      <div ref={ref}>
        {others.length > 0 && (
          <button type="button" className="button deck-others" onClick={() => turnTo(others[0])}>
            {words.plural("See {n} post that waits for others", "See {n} posts that wait for others", others.length)}
          </button>
        )}
        {children}
      </div>
    );
  }
  const late = decision.late && decision.round === round;
  const approve = () => decide("approve", round, () => onApprove(judged(post)));
  const approveAll = (chosen) => {
    decide("all", "all", () => onApproveAll(chosen.map(judged)));
  };
  return (
    <div ref={ref} className="deck" {...swipe}>
      <nav className="deck-head" aria-label={words.t("Waiting posts")}>
        <Turn step={-1} mark="‹" label={words.t("Previous post")} open={at !== everything[0]} turn={turn} />
        <p>
          {place < 0
            ? words.t("Waits for others")
            : words.t("{n} of {m}", { n: done + place + 1, m: done + order.length })}
        </p>
        <Turn step={1} mark="›" label={words.t("Next post")} open={at !== everything.at(-1)} turn={turn} />
        {order.length > 1 && post?.turn.mine && (
          <button type="button" className="link deck-all"
            onClick={() => {
              onList();
              setAll(true);
            }}>
            {words.t("Approve all")}
          </button>
        )}
      </nav>
      {post && ratio ? (
        <article key={round} className="deck-post">
          {renderPost(post, ratio)}
        </article>
      ) : (
        <SkeletonPost />
      )}
      <div className="deck-bar">
        {late && <p role="alert">{words.t("No answer came. Check your connection, then tap again: it counts only once.")}</p>}
        {post && !post.turn.mine ? (
          <p className="deck-note">{words.t("Waits for {who}.", { who: post.turn.waits_for.join(", ") || post.brand })}</p>
        ) : (
          <div className="deck-buttons">
            <button type="button" className="button" disabled={!post || decision.sent} onClick={() => setAsking(round)}>
              {words.t("Request changes")}
            </button>
            <button
              type="button"
              className="button button-primary"
              disabled={!post || decision.sent}
              data-sent={decision.sent === "approve" ? "" : undefined}
              onClick={approve}
            >
              {words.t("Approve")}
            </button>
          </div>
        )}
      </div>
      {ApproveAll && (
        <ApproveAll
          choices={choices}
          sent={decision.sent}
          late={decision.late && decision.round === "all"}
          onApprove={approveAll}
          onChange={(id) => {
            setAll(false);
            turnTo(id);
            setWanted(id);
          }}
          onClose={() => setAll(false)}
        />
      )}
      {ChangeRequest && (
        <ChangeRequest
          post={post}
          tags={tags}
          sent={decision.sent}
          late={late}
          onClose={() => setAsking("")}
          onSend={(chosen, text, spots) => decide("request", round, () => onRequest(judged(post), chosen, text, spots))}
        />
      )}
    </div>
  );
}

const roundOf = (post) => `${post.id}/${post.round}/${post.turn.request}`;

/* What a decision is about, of a post or of a line of the list. */
const judged = ({ id, revision, round, turn, request }) => ({ id, revision, round, request: turn?.request ?? request });

function Turn({ step, mark, label, open, turn }) {
  return (
    <button type="button" className="deck-turn" aria-label={label} disabled={!open} onClick={() => turn(step)}>
      {mark}
    </button>
  );
}

/* Which post is shown. When it waits for its reader no more, the one after it follows, as on the
   server; those of the others are looked at on purpose. */
function useTurning(order, others, back, onTurn) {
  const [shown, setShown] = useState({ order: [], others: [], back, at: "" });
  let { at } = shown;
  if (shown.order !== order || shown.others !== others || shown.back !== back) {
    const again = shown.back !== back && order.find((id) => back.startsWith(`${id}/`));
    at = again || follow(shown.order, order, others, at);
    setShown({ order, others, back, at });
  }
  const turnTo = (next) => {
    if (!next || next === at) return;
    setShown({ order, others, back, at: next });
    onTurn(next);
  };
  const turn = (step) => {
    const everything = [...order, ...others];
    turnTo(everything[everything.indexOf(at) + step]);
  };
  return [at, turn, turnTo];
}

function follow(before, order, others, at) {
  if (order.includes(at) || (others.includes(at) && !before.includes(at))) return at;
  const after = before.slice(before.indexOf(at) + 1).find((id) => order.includes(id));
  return after ?? order[0] ?? "";
}

const NOTHING = { sent: "", round: "", late: false };

/* The decision that is on its way: a second tap waits for the answer of the first. When the server
   forgot this visit meanwhile (it was started anew), it is sent again; it counts once. */
function useDecision(answered, visit) {
  const [decision, setDecision] = useState(NOTHING);
  const pending = useRef(null);
  const known = useRef({ answered, visit });
  const end = (late) => {
    pending.current = null;
    setDecision((before) => ({ ...before, sent: "", late }));
  };
  useEffect(() => {
    if (answered > known.current.answered) end(false);
    known.current.answered = answered;
  }, [answered]);
  useEffect(() => {
    if (!visit) return;
    if (known.current.visit && known.current.visit !== visit) pending.current?.();
    known.current.visit = visit;
  }, [visit]);
  useEffect(() => {
    if (!decision.sent) return undefined;
    const timer = setTimeout(() => end(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [decision.sent]);
  const decide = (what, round, send) => {
    if (pending.current) return;
    pending.current = send;
    setDecision({ sent: what, round, late: false });
    send();
  };
  return [decision, decide];
}

/* A sheet comes with the first tap that opens it; where it does not come, the next tap asks again. */
function useSheet(load, open, close) {
  const [Sheet, setSheet] = useState(null);
  useEffect(() => {
    if (open && !Sheet) load().then((found) => setSheet(() => found), close);
  }, [open]);
  return open ? Sheet : null;
}

/* Whoever turned or decided starts at the top of what comes; the first post takes no focus. */
function useFocusOnTurn(ref, at, visit) {
  const before = useRef("");
  useEffect(() => {
    if (before.current && before.current !== at && isShown(ref.current)) {
      window.scrollTo(0, 0);
      requestAnimationFrame(() => ref.current?.querySelector("h2")?.focus({ preventScroll: true }));
    }
    before.current = at;
  }, [at, visit]);
}

/* The post that came with the page goes in the same frame in which the deck stands in its place,
   and since it stood there already, it does not arrive. */
function useTakeover(ref, drawn) {
  useLayoutEffect(() => {
    const firstLook = document.querySelector("first-look");
    if (!drawn || !firstLook) return;
    ref.current?.querySelector(".deck-post")?.style.setProperty("animation", "none");
    firstLook.remove();
  }, [Boolean(drawn)]);
}

/* Tells once of each revision and round that it was really before somebody's eyes. */
function useLook(ref, post, onSeen) {
  const told = useRef(new Set());
  const mark = post && `${post.id}/${post.round}/${post.revision}`;
  useEffect(() => {
    if (!mark || told.current.has(mark)) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible" || !isShown(ref.current)) return;
      clearInterval(timer);
      told.current.add(mark);
      onSeen(post.id, post.revision);
    }, A_LOOK_MS);
    return () => clearInterval(timer);
  }, [mark]);
}

function useArrowKeys(ref, turn) {
  useEffect(() => {
    const onKey = (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (!isShown(ref.current) || event.target.closest("input,textarea,select,dialog,[data-strip]")) return;
      event.preventDefault();
      turn(step);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [turn]);
}

const SWIPE_PX = 56;
const EDGE_PX = 24; // the browser's own gesture for "back"

function useSwipe(turn) {
  const start = useRef(null);
  return {
    onTouchStart: (event) => {
      const touch = event.touches[0];
      const inside = touch.clientX > EDGE_PX && touch.clientX < window.innerWidth - EDGE_PX;
      const free = inside && event.touches.length === 1 && !event.target.closest("dialog,[data-strip]");
      const zoomed = (window.visualViewport?.scale ?? 1) > 1.01;
      start.current = free && !zoomed ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchEnd: (event) => {
      if (!start.current) return;
      const touch = event.changedTouches[0];
      const across = touch.clientX - start.current.x;
      const down = touch.clientY - start.current.y;
      start.current = null;
      if (Math.abs(across) > SWIPE_PX && Math.abs(across) > 2 * Math.abs(down)) turn(across < 0 ? 1 : -1);
    },
  };
}

const isShown = (element) => Boolean(element?.getClientRects().length);

/** Long words, folded behind a button; short ones as they are. */
export function Fold({ more, children }) {
  const ref = useRef(null);
  const [open, setOpen] = useState(false);
  const [long, setLong] = useState(false);
  useLayoutEffect(() => {
    const measure = () => setLong(ref.current.scrollHeight > ref.current.clientHeight + 4);
    const observer = new ResizeObserver(measure);
    if (open) return undefined;
    measure();
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [open]);
  return (
    <>
      <div ref={ref} tabIndex={-1} className="fold" data-open={open ? "" : undefined} data-long={long && !open ? "" : undefined}>
        {children}
      </div>
      {long && !open && (
        <button
          type="button"
          className="link fold-more"
          onClick={() => {
            setOpen(true);
            ref.current.focus({ preventScroll: true });
          }}
        >
          {more}
        </button>
      )}
    </>
  );
}

function Skeleton() {
  return (
    <div className="deck" aria-busy="true">
      <div className="deck-head" />
      <SkeletonPost />
      <div className="deck-bar">
        <div className="deck-buttons">
          <span className="button" />
          <span className="button" />
        </div>
      </div>
    </div>
  );
}

function SkeletonPost() {
  return (
    <div className="deck-post deck-skeleton" aria-busy="true">
      <span className="line" />
      <div className="review-card">
        <span className="line" />
        <span className="picture" />
        <span className="line" />
        <span className="line" />
      </div>
    </div>
  );
}
