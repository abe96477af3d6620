/* The previews' place on the page: they are fetched when it is there, and only then. */

import { useEffect, useState } from "react";
import "$/public/preview.css";
import { useWords } from "./words.jsx";

export function Previews(props) {
  const { t } = useWords();
  const [Pane, setPane] = useState(null);
  const [failed, setFailed] = useState(false);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let gone = false;
    setFailed(false);
    import("./previews.jsx").then(
      (module) => gone || setPane(() => module.Previews),
      () => gone || setFailed(true),
    );
    return () => (gone = true);
  }, [times]);
  if (Pane) return <Pane {...props} />;
  if (!failed) return <Skeleton />;
  return (
    <div className="previews">
      <p>{t("The preview did not load.")}</p>
      <button type="button" className="button" onClick={() => setTimes(times + 1)}>
        {t("Try again")}
      </button>
    </div>
  );
}

function Skeleton() {
  return (
    <div className="previews" aria-busy="true">
      <div className="previews-tabs" />
      <div className="previews-tools" />
      <div className="frame-skeleton">
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}
