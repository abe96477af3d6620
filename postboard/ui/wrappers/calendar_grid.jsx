/* The grid of days itself. All of its library is loaded with this file, when a calendar is opened.
   It draws wall clocks: times go in and come out as a clock shows them, without a zone. */

import { forwardRef, memo, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import FullCalendar from "@fullcalendar/react";
import dayGrid from "@fullcalendar/react/daygrid";
import timeGrid from "@fullcalendar/react/timegrid";
import list from "@fullcalendar/react/list";
import interaction, { Draggable } from "@fullcalendar/react/interaction";
import theme from "@fullcalendar/react/themes/classic";
import zh from "@fullcalendar/react/locales/zh-cn";
import { Feed, heldBack } from "./calendar_feed.js";
import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/classic/theme.css";
import "@fullcalendar/react/themes/classic/palette.css";

const PLUGINS = [theme, dayGrid, timeGrid, list, interaction];
const LOCALES = [zh];
export const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", day: "timeGridDay", list: "listAhead" };
const LIST_DAYS = 30;
const FIRST_HOUR = "07:00:00"; // at the top of a day, with what is before it above
const NARROW = { week: "timeGridThreeDay" };
const SPAN = { year: "numeric", month: "short", day: "numeric" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** `does` keeps what the page does at a click or a drop, and `show` is told the events: others of
    these draw no grid anew. */
export const CalendarGrid = memo(forwardRef(function CalendarGrid(props, ref) {
  const { view, day, narrow, firstDay, language, spelling, now, words, closed, tray, does } = props;
  const calendar = useRef(null);
  const [rows, frame] = useRows();
  const name = (narrow && NARROW[view]) || VIEWS[view];
  const first = useRef({ name, day }).current;

  const feed = useMemo(() => new Feed(), []);
  useImperativeHandle(ref, () => ({
    next: (step) => (step > 0 ? api().next() : api().prev()),
    show: (events) => feed.follow(api(), events),
  }));
  const api = () => calendar.current.getApi();
  useEffect(() => {
    if (api().view.type !== name) api().changeView(name, day);
    else if (isoDay(api().getDate()) !== day) api().gotoDate(day);
  }, [name, day]);
  useEffect(() => {
    if (!tray) return undefined;
    const draggable = new Draggable(tray, {
      itemSelector: "[data-idea]",
      eventData: (item) => ({ title: item.dataset.text, create: false, duration: "00:30" }),
    });
    return () => draggable.destroy();
  }, [tray]);

  // A phone's hours scroll in the frame, which takes the focus; the library's own scroller cannot.
  const rolls = narrow && name.startsWith("timeGrid");
  useEffect(() => {
    if (!rolls) return undefined;
    const drawn = requestAnimationFrame(() => showHour(frame.current, FIRST_HOUR));
    return () => cancelAnimationFrame(drawn);
  }, [rolls, name, day]);

  const aim = useAim(api, does);
  const renderEvent = useMemo(() => (info) => does.current.renderEvent(info.event.extendedProps, info), []);
  return (
    <div className="cal-frame" ref={frame} data-rolls={rolls ? "" : undefined}
      {...(rolls && { tabIndex: 0, role: "group", "aria-label": words.t("Hours of the days") })}>
      <FullCalendar
        ref={calendar}
        plugins={PLUGINS}
        locales={LOCALES}
        locale={language === "zh-CN" ? "zh-cn" : spelling}
        initialView={first.name}
        initialDate={first.day}
        views={{
          timeGridWeek: { titleFormat: SPAN },
          timeGridDay: { titleFormat: { ...SPAN, weekday: "long" } },
          listAhead: { type: "list", duration: { days: LIST_DAYS }, titleFormat: SPAN },
          timeGridThreeDay: { type: "timeGrid", duration: { days: 3 }, titleFormat: SPAN },
        }}
        headerToolbar={false}
        timeZone="UTC"
        now={now}
        firstDay={firstDay}
        height={rolls ? "auto" : "100%"}
        editable
        eventDurationEditable={false}
        droppable
        dragRevertDuration={0}
        eventInteractive
        eventDisplay="block"
        eventTimeFormat={TIME}
        displayEventEnd={false}
        expandRows
        slotHeaderFormat={TIME}
        slotDuration="01:00:00"
        snapDuration="00:15:00"
        scrollTime={FIRST_HOUR}
        defaultTimedEventDuration="00:30"
        eventMinHeight={22}
        slotEventOverlap={false}
        nowIndicator
        dayMaxEventRows={rows}
        eventMaxStack={4}
        navLinks
        navLinkDayClick={(date) => does.current.onDay(isoDay(date), "")}
        navLinkHint={(text) => words.t("Open {day}", { day: text })}
        eventOrder="first,start,order"
        eventContent={renderEvent}
        eventBeforeClass="cal-none"
        listItemEventBeforeClass="cal-none"
        eventClass={(info) => `cal-event cal-${info.event.extendedProps.kind} ${info.isMirror ? IMAGE : ""}`}
        dayCellClass={(info) => (closed.has(isoDay(info.date)) ? "cal-closed" : "")}
        dayLaneClass={(info) => (closed.has(isoDay(info.date)) ? "cal-closed" : "")}
        allDayText={words.t("All day")}
        noEventsContent={() => words.t("Nothing in these days.")}
        moreLinkClass="cal-more"
        popoverClass="cal-popover"
        moreLinkContent={(info) => (narrow ? `+${info.num}` : words.t("+{n} more", { n: info.num }))}
        highlightClass={IMAGE}
        eventAllow={(to, event) => {
          aim.over(to, event);
          return true;
        }}
        eventDragStart={(info) => aim.start(info.event)}
        eventDragStop={() => aim.stop(does.current)}
        eventDidMount={({ el, event }) => {
          const { kind, post, day: on } = event.extendedProps;
          if (kind === "post") el.dataset.post = post.id;
          else el.dataset.note = `${kind} ${on}`;
        }}
        datesSet={(info) => does.current.onDates(info.view.title, isoDay(info.start), isoDay(info.end), isoDay(info.view.calendar.getDate()))}
        eventClick={(info) => {
          info.jsEvent.preventDefault();
          const { kind, post, idea, day: on } = info.event.extendedProps;
          if (kind === "post") does.current.onOpen(post.id);
          else if (kind === "idea") does.current.onChoose(idea);
          else does.current.onDay(on, "");
        }}
        dateClick={(info) => does.current.onDay(info.dateStr.slice(0, 10), info.allDay ? "" : info.dateStr.slice(11, 16))}
        eventDrop={(info) => {
          feed.moved(info.event.id);
          aim.drop(does.current, info.event, info.view);
        }}
        drop={(info) => {
          const { idea } = info.draggedEl.dataset;
          does.current.onIdea(idea, info.dateStr.slice(0, 10), info.allDay ? "" : info.dateStr.slice(11, 16));
        }}
      />
    </div>
  );
}));

/* Where a dragged post would land, so that it can be told the moment the button is let go: the grid
   draws all of its posts anew before it tells of a drop. As long as it marks a day (or draws the
   post at an hour), that is where a drop is taken; without a mark nothing is told early. From then
   until it has told, the grid draws nothing: what ends a drag would else be drawn in three steps. */
function useAim(api, does) {
  const aim = useMemo(() => {
    let at = null; // { post, wall, byDay }
    let from = "";
    let told = null;
    let isUnderWay = false;
    let draw = () => {};
    const place = (event, view, wall, allDay) => ({
      post: event.extendedProps.post, wall, byDay: allDay || view.type.startsWith("dayGrid"),
    });
    return {
      start: (event) => {
        at = told = null;
        from = wallIn(event.start);
        isUnderWay = true;
      },
      over: (to, event) => {
        if (event?.extendedProps.post) at = place(event, api().view, wallIn(to.start), to.allDay);
      },
      letGo: (page) => {
        if (isUnderWay) draw = heldBack(api());
        if (!at || told || at.wall === from || !document.querySelector(`.${IMAGE}`)) return;
        told = at;
        page.onLetGo(at.post, at.wall, at.byDay);
      },
      stop: (page) => {
        at = null;
        isUnderWay = false;
        queueMicrotask(() => {
          draw();
          if (told) page.onSettled();
        });
      },
      drop: (page, event, view) => {
        const to = place(event, view, wallIn(event.start), event.allDay);
        if (told?.post.id !== to.post.id || told.wall !== to.wall) page.onDrop(to.post, to.wall, to.byDay);
        told = null;
      },
    };
  }, []);
  useEffect(() => {
    const onUp = (event) => event.button === 0 && aim.letGo(does.current);
    document.addEventListener("mouseup", onUp, true); // before the grid hears of it
    return () => document.removeEventListener("mouseup", onUp, true);
  }, [aim]);
  return aim;
}

const IMAGE = "cal-image";
const wallIn = (date) => date.toISOString().slice(0, 16);

const HEAD_PX = 28;
const NUMBER_PX = 32;
const ROW_PX = 23;
const WEEKS = 6;

/* How many rows of a month's cell fit. Left to measure that, the grid would draw every post of a
   full month to show some of them. */
function useRows() {
  const [rows, setRows] = useState(3);
  const frame = useRef(null);
  useLayoutEffect(() => {
    const measure = () => {
      const cell = (frame.current.clientHeight - HEAD_PX) / WEEKS;
      setRows(Math.max(2, Math.floor((cell - NUMBER_PX) / ROW_PX)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current);
    measure();
    return () => observer.disconnect();
  }, []);
  return [rows, frame];
}

function showHour(frame, time) {
  const hour = frame?.querySelector(`[data-time="${time}"]`);
  if (hour) frame.scrollTop += hour.getBoundingClientRect().top - frame.getBoundingClientRect().top - HEAD_PX * 2;
}

const isoDay = (date) => date.toISOString().slice(0, 10);
