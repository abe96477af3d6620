/* A board of columns and cards: drag by mouse, touch and keyboard, a "Move to…" dialog, keys.
   How a card and a column's head look is Python's business (renderCard, renderHead, renderEmpty). */

import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { DragDropContext, Draggable, Droppable } from "@hello-pangea/dnd";
import { AskDialog } from "./ask_dialog.jsx";
import { BoardStore, newMove } from "./board_store.js";
import { Dialog } from "./dialog.jsx";
import { hear } from "./live.js";
import { useWords } from "./words.jsx";

const MORE_AGAIN_MS = 3000;
const EMPTY = { serial: 0, columns: [], moves: [] };
const HERE = { action: "", asks: "" }; // a new place in the same column

let current; // the mounted board
const waiting = []; // what the server said before it was mounted

/* The server's answers are evaluated where no import reaches, so the board is found by name. */
if (typeof window !== "undefined") {
  const board = (...said) => (current ? current(...said) : waiting.push(said));
  window.postboard = { ...window.postboard, board };
}

export function Kanban(props) {
  const { steps, clients, people, tags, columnNames, stepNames } = props;
  const { renderCard, renderHead, renderEmpty, may } = props;
  const { onMove, onMore, onRefresh, onReload, onOpen, onAdd, onAssign, onLookAhead, onBulk } = props;
  const words = useWords();
  const handlers = useRef({});
  handlers.current = { onMove, onMore, onRefresh, onReload, onOpen, onAdd, onAssign, onLookAhead, onBulk };
  const store = useStore(handlers);
  const view = useSyncExternalStore(store.subscribe, store.getSnapshot, () => EMPTY);
  const [dragged, setDragged] = useState(null);
  const [choosing, setChoosing] = useState(null);
  const [selected, setSelected] = useState(NONE);
  const maySelect = may.length > 0;
  const select = useCallback((...ids) => setSelected((before) => toggled(before, ids)), []);
  const unselect = useCallback(() => setSelected(NONE), []);

  useEffect(() => hear((signals) => store.hear(signals)), [store]);

  const stepsOf = useCallback(
    (card) => steps[clients[card.client]?.steps]?.[card.state] ?? [],
    [steps, clients],
  );
  const dropsOf = useCallback(
    (card) => {
      const drops = { [card.column]: HERE };
      for (const step of stepsOf(card)) if (step.to !== card.column) drops[step.to] ??= step;
      return drops;
    },
    [stepsOf],
  );
  const begin = useCallback(
    (card, to, step, after) => {
      const move = newMove(card, to, step.action, after, step.asks);
      store.begin(move);
      if (!step.asks) store.confirm(move.id);
    },
    [store],
  );

  const takeStep = useRef();
  takeStep.current = (post, action) => {
    const card = store.cards.get(post.id) ?? post; // filters may hide what a drawer shows
    const step = stepsOf(card).find((each) => each.action === action);
    if (step) begin(card, step.to, step, "");
  };
  useEffect(() => {
    const told = {
      show: (board) => store.load(board),
      patch: (patch) => store.patch(patch),
      foretell: (asked, chances) => store.foretell(asked, chances),
      step: (post, action) => takeStep.current(post, action),
      unselect,
    };
    current = (what, ...values) => told[what](...values);
    waiting.splice(0).forEach((said) => current(...said));
    return () => {
      current = undefined;
      store.stop();
    };
  }, [store, unselect]);
  useKeys(store, handlers, setChoosing, maySelect && select, unselect);

  const onDragEnd = ({ draggableId, source, destination }, { announce }) => {
    const card = dragged;
    setDragged(null);
    store.hold(false);
    if (!card || !destination) return;
    const same = destination.droppableId === source.droppableId;
    if (same && destination.index === source.index) return;
    const list = view.columns.find((c) => c.key === destination.droppableId).cards;
    const others = list.filter((each) => each.id !== draggableId);
    const after = others[destination.index - 1]?.id ?? "";
    begin(card, destination.droppableId, dropsOf(card)[destination.droppableId], after);
    announce(words.t("Moved to {column}.", { column: columnNames[destination.droppableId] }));
  };

  const taken = [...selected].map((id) => store.cards.get(id)).filter(Boolean); // filters may hide some
  const empty = view.columns.every((column) => !column.total); // no card to reach by keyboard then
  const asking = view.moves.find((move) => move.asking);
  const chosen = choosing && store.cards.get(choosing);
  const drops = dragged && dropsOf(dragged);
  if (!view.serial) return <Skeleton keys={Object.keys(columnNames)} renderHead={renderHead} />;
  return (
    <DragDropContext
      onBeforeCapture={({ draggableId }) => {
        store.hold(true);
        setDragged(store.cards.get(draggableId) ?? null);
      }}
      onDragStart={(_, { announce }) => announce(words.t("Lifted. Arrow keys move it, space drops it."))}
      onDragUpdate={({ destination }, { announce }) => {
        const name = destination && columnNames[destination.droppableId];
        announce(name ? words.t("Over {column}.", { column: name }) : words.t("Not over a column."));
      }}
      onDragEnd={onDragEnd}
      dragHandleUsageInstructions={words.t("Press space to lift, arrow keys to move, space to drop, escape to cancel.")}
    >
      <div
        className="board"
        tabIndex={empty ? 0 : undefined}
        data-dragging={dragged ? "" : undefined}
        data-selecting={selected.size ? "" : undefined}
      >
        {view.columns.map((column) => (
          <BoardColumn
            key={column.key}
            column={column}
            step={drops?.[column.key]}
            dragging={Boolean(dragged)}
            clients={clients}
            store={store}
            renderCard={renderCard}
            renderHead={renderHead}
            words={words}
            serial={view.serial}
            handlers={handlers}
            onChoose={setChoosing}
            selected={selected}
            name={columnNames[column.key]}
            onSelect={maySelect ? select : undefined}
          />
        ))}
      </div>
      {empty && renderEmpty()}
      {taken.length > 0 && (
        <Selection
          count={taken.length}
          may={may}
          words={words}
          onDo={(what) => {
            if (what === "assign") return handlers.current.onAssign(taken.map((card) => card.id));
            return handlers.current.onBulk(what, Object.fromEntries(taken.map((c) => [c.id, c.version])));
          }}
          onClear={unselect}
        />
      )}
      {chosen && (
        <ChooseStep
          card={chosen}
          steps={stepsOf(chosen)}
          columnNames={columnNames}
          stepNames={stepNames}
          words={words}
          onClose={() => setChoosing(null)}
          onSelect={
            maySelect &&
            (() => {
              setChoosing(null);
              select(chosen.id);
            })
          }
          onChoose={(step) => {
            setChoosing(null);
            begin(chosen, step.to, step, "");
          }}
        />
      )}
      {asking && (
        <AskDialog
          key={asking.id}
          asks={asking.asking}
          about={keyOf(store.cards.get(asking.post))}
          title={stepNames[asking.action]}
          people={people}
          tags={tags}
          onCancel={() => store.drop(asking.id)}
          onAnswer={(answer) => store.confirm(asking.id, answer)}
        />
      )}
    </DragDropContext>
  );
}

function useStore(handlers) {
  const [store] = useState(() => {
    const made = new BoardStore({
      move: (m) =>
        handlers.current.onMove(
          m.id, m.post, m.version, m.action, m.after ?? "", m.reason ?? "", m.tags ?? [],
          m.person ?? "", m.link ?? "",
        ),
      refresh: (ids) => handlers.current.onRefresh(ids),
      reload: (shown) => handlers.current.onReload(shown),
      lookAhead: (ids) => handlers.current.onLookAhead(ids),
    });
    return made;
  });
  return store;
}

const NONE = new Set();

/* All of them chosen, or none where they all were. */
function toggled(before, ids) {
  const after = new Set(before);
  if (ids.every((id) => before.has(id))) ids.forEach((id) => after.delete(id));
  else ids.forEach((id) => after.add(id));
  return after;
}

/* What can be done with the chosen cards; arrow keys walk the bar, Escape leaves it. */
function Selection({ count, may, words, onDo, onClear }) {
  const names = {
    move: words.t("Move…"),
    label: words.t("Label…"),
    assign: words.t("Assign…"),
    submit: words.t("Submit…"),
    send_to_client: words.t("Send to client…"),
  };
  const walk = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const to = buttons.indexOf(document.activeElement) + step;
    buttons[(to + buttons.length) % buttons.length].focus();
    event.preventDefault();
  };
  return (
    <div className="selection" role="toolbar" aria-label={words.t("Chosen posts")} onKeyDown={walk}>
      <span>{words.plural("{n} post chosen", "{n} posts chosen", count)}</span>
      {may.map((what) => (
        <button key={what} type="button" className="button" data-does={what} onClick={() => onDo(what)}>
          {names[what]}
        </button>
      ))}
      <button type="button" className="button button-quiet" onClick={onClear}>
        {words.t("Clear")}
      </button>
    </div>
  );
}

function BoardColumn(props) {
  const { column, step, dragging, clients, renderCard, renderHead, words, serial, handlers } = props;
  const { store, onChoose, selected, onSelect, name } = props;
  const forbidden = dragging && !step;
  return (
    <section className="column" data-column={column.key} data-forbidden={forbidden ? "" : undefined}>
      {renderHead(column.key, column.total)}
      {onSelect && column.cards.length > 0 && (
        <input
          type="checkbox"
          className="column-check"
          checked={column.cards.every((card) => selected.has(card.id))}
          aria-label={words.t("Choose all posts shown in {column}", { column: name })}
          onChange={() => onSelect(...column.cards.map((card) => card.id))}
        />
      )}
      <Droppable droppableId={column.key} isDropDisabled={forbidden}>
        {(drop, { isDraggingOver }) => (
          <div
            ref={drop.innerRef}
            {...drop.droppableProps}
            className="column-cards"
            data-over={isDraggingOver ? "" : undefined}
          >
            {column.cards.map((card, index) => (
              <BoardCard
                key={card.id}
                card={card}
                index={index}
                client={clients[card.client]}
                chance={store.chanceOf(card)}
                renderCard={renderCard}
                words={words}
                handlers={handlers}
                onChoose={onChoose}
                selected={selected.has(card.id)}
                onSelect={onSelect}
              />
            ))}
            {drop.placeholder}
            <MoreCards column={column} serial={serial} handlers={handlers} words={words} />
          </div>
        )}
      </Droppable>
      {forbidden && <p className="column-no">{words.t("No step leads here from where it is.")}</p>}
    </section>
  );
}

const BoardCard = memo(function BoardCard(props) {
  const { card, index, client, chance, renderCard, words, handlers, onChoose } = props;
  const { selected, onSelect } = props;
  const open = () => handlers.current.onOpen(card.id);
  const name = `${card.client}-${card.number}`;
  return (
    <Draggable draggableId={card.id} index={index}>
      {(drag, { isDragging, isDropAnimating }) => (
        <article
          ref={drag.innerRef}
          {...drag.draggableProps}
          {...drag.dragHandleProps}
          role="article"
          className="card"
          data-post={card.id}
          data-dragging={isDragging ? "" : undefined}
          data-waiting={card.waiting ? "" : undefined}
          data-unanswered={card.unanswered ? "" : undefined}
          data-selected={selected ? "" : undefined}
          aria-label={`${name} ${card.text}`}
          onClick={(event) => (event.shiftKey && onSelect ? onSelect(card.id) : open())}
          onKeyDown={(event) => {
            if (event.key === "Enter" && event.target === event.currentTarget) open();
            drag.dragHandleProps.onKeyDown?.(event);
          }}
        >
          {isDropAnimating && <Landed end={drag.draggableProps.onTransitionEnd} />}
          {renderCard(card, client, isLate(card), chance ?? null)}
          {card.waiting && <span className="card-waiting">{words.t("Waiting for the server…")}</span>}
          {onSelect && (
            <input
              type="checkbox"
              className="card-check"
              checked={selected}
              aria-label={words.t("Choose {post}", { post: name })}
              onChange={() => onSelect(card.id)}
              onClick={(event) => event.stopPropagation()}
            />
          )}
          <button
            type="button"
            className="card-menu"
            aria-label={words.t("Move {post} to…", { post: name })}
            onClick={(event) => {
              event.stopPropagation();
              onChoose(card.id);
            }}
          >
            ⋯
          </button>
        </article>
      )}
    </Draggable>
  );
});

const keyOf = (card) => (card ? `${card.client}-${card.number}` : "");

const DONE = new Set(["published", "scheduled", "cancelled"]);

/* Somebody still has to act, and the time is over. */
function isLate(card) {
  const at = card.due_at || card.planned_at;
  return Boolean(at) && !DONE.has(card.state) && Date.parse(at) < Date.now();
}

/* The glide after the drop would hide for a third of a second that the move was taken, and a
   transition of no time still costs three frames: its end is told at once. */
function Landed({ end }) {
  useLayoutEffect(() => queueMicrotask(() => end({ propertyName: "transform" })), [end]);
  return null;
}

function MoreCards({ column, serial, handlers, words }) {
  const ref = useRef(null);
  const left = column.total - column.cards.length;
  const lastRank = column.cards.at(-1)?.rank ?? 0;
  useEffect(() => {
    if (left <= 0 || !ref.current) return undefined;
    const load = () => handlers.current.onMore(column.key, lastRank);
    let again; // an answer may be lost on its way
    const observer = new IntersectionObserver((entries) => {
      clearInterval(again);
      if (!entries.at(-1).isIntersecting) return;
      load();
      again = setInterval(load, MORE_AGAIN_MS);
    });
    observer.observe(ref.current);
    return () => {
      clearInterval(again);
      observer.disconnect();
    };
  }, [column.key, lastRank, left > 0, serial]);
  if (!column.total) return <p className="column-empty">{words.t("No posts here.")}</p>;
  if (left <= 0) return null;
  return (
    <button ref={ref} type="button" className="column-more" onClick={() => handlers.current.onMore(column.key, lastRank)}>
      {words.plural("{n} more", "{n} more", left)}
    </button>
  );
}

function Skeleton({ keys, renderHead }) {
  return (
    <div className="board" aria-busy="true">
      {keys.map((key, index) => (
        <section key={key} className="column">
          {renderHead(key, -1)}
          <div className="column-cards">
            {[0, 1, 2].slice(index % 3).map((n) => (
              <div key={n} className="card card-skeleton" />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

function ChooseStep({ card, steps, columnNames, stepNames, words, onChoose, onSelect, onClose }) {
  return (
    <Dialog label={words.t("Move {post} to…", { post: `${card.client}-${card.number}` })} onClose={onClose}>
      {steps.length === 0 && (
        <p className="dialog-note">{words.t("Your role has no step to take from here.")}</p>
      )}
      <div className="dialog-list">
        {steps.map((step) => (
          <button key={step.action} type="button" className="dialog-choice" onClick={() => onChoose(step)}>
            <span>{stepNames[step.action]}</span>
            <span className="quiet">
              <i className="dot" data-state={step.state} /> {columnNames[step.to] ?? ""}
            </span>
          </button>
        ))}
        {onSelect && (
          <button type="button" className="dialog-choice" onClick={onSelect}>
            <span>{words.t("Choose, to change several at once")}</span>
            <kbd>X</kbd>
          </button>
        )}
      </div>
    </Dialog>
  );
}

/* j/k walk the cards of a column, h/l the columns, m opens "Move to…", c starts a post, e opens the
   post's page, x chooses a card among others, shift-x all shown in its column, b goes to what can be
   done with them. */
function useKeys(store, handlers, setChoosing, select, unselect) {
  useEffect(() => {
    const onKey = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input:not([type=checkbox]),textarea,select,dialog,[contenteditable]")) return;
      const card = document.activeElement?.closest?.(".card");
      const walk = { j: [0, 1], k: [0, -1], l: [1, 0], h: [-1, 0] }[event.key];
      if (walk) focusNear(card, ...walk);
      else if (event.key === "m" && card) setChoosing(card.dataset.post);
      else if (event.key === "e" && card) openPage(store.cards.get(card.dataset.post));
      else if (event.key === "x" && card && select) select(card.dataset.post);
      else if (event.key === "X" && card && select) select(...inColumnOf(card));
      else if (event.key === "b") document.querySelector(".selection button")?.focus();
      else if (event.key === "Escape") return unselect();
      else if (event.key === "c") handlers.current.onAdd();
      else if (event.key === "/") document.querySelector("[data-search]")?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [store, handlers, setChoosing, select, unselect]);
}

const inColumnOf = (card) =>
  [...card.closest(".column").querySelectorAll(".card[data-post]")].map((each) => each.dataset.post);

const openPage = (card) => window.location.assign(`/post/?key=${keyOf(card)}`);

function focusNear(card, columns, rows) {
  const all = [...document.querySelectorAll(".column")];
  if (!card) return all.map((c) => c.querySelector(".card")).find(Boolean)?.focus();
  const column = card.closest(".column");
  const cards = [...column.querySelectorAll(".card")];
  const row = cards.indexOf(card);
  if (rows) return cards[row + rows]?.focus();
  for (let at = all.indexOf(column) + columns; all[at]; at += columns) {
    const there = [...all[at].querySelectorAll(".card")];
    if (there.length) return there[Math.min(row, there.length - 1)].focus();
  }
  return undefined;
}
