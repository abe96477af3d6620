/* Ideas that wait for a day: dragged onto one, or given one by their button. */

export function IdeaTray({ ideas, clients, words, trayRef, onChoose, onClose }) {
  return (
    <aside className="cal-tray" aria-label={words.t("Ideas without a day")} ref={trayRef}>
      <header>
        <h2>{words.t("Ideas")}</h2>
        <button type="button" className="link" onClick={onClose}>{words.t("Hide")}</button>
      </header>
      {ideas.length === 0 && <p className="quiet">{words.t("No idea waits. Clients add theirs on their own page.")}</p>}
      <ul>
        {ideas.map((idea) => (
          <li key={idea.id} className="cal-idea" data-idea={idea.id} data-text={idea.text} style={{ "--hue": clients[idea.client]?.hue }}>
            <span className="quiet">{clients[idea.client]?.name ?? idea.client}</span>
            <p dir="auto">{idea.text}</p>
            {idea.wished_on && <span className="quiet">{words.t("Wished for {day}", { day: words.date(idea.wished_on, "day") })}</span>}
            <button type="button" className="link" onClick={() => onChoose(idea)}>{words.t("Make a post on…")}</button>
          </li>
        ))}
      </ul>
    </aside>
  );
}
