/** Says that the server is gone, and goes when it is back. */
import { askNow, useConnection } from "../api/connection.ts";
import css from "./shell.module.css";

export function ConnectionBanner() {
  const connection = useConnection();
  return (
    <div role="status" aria-live="assertive">
      {connection === "gone" && (
        <div className={css.banner}>
          <span>The server cannot be reached. What you see may be old; what you typed stays. Trying again by itself.</span>
          <button type="button" className={css.bannerButton} onClick={() => void askNow()}>
            Try now
          </button>
        </div>
      )}
    </div>
  );
}
