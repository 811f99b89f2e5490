/** The page around signing in and setting up: one column, the name of the house above it. */
import { type ReactNode, useEffect } from "react";
import { ConnectionBanner } from "../../app/connection-banner.tsx";
import { Toasts } from "../../app/toasts.tsx";
import css from "./door.module.css";

export function DoorPage({ title, children, wide = false }: { readonly title: string; readonly children: ReactNode; readonly wide?: boolean }) {
  useEffect(() => {
    document.title = `${title} · Baton`;
  }, [title]);
  return (
    <div className={css.page}>
      <ConnectionBanner />
      <main className={css.card} data-wide={wide ? "" : undefined}>
        <div className={css.brand}>
          <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden>
            <rect width="32" height="32" rx="8" fill="var(--accent)" />
            <rect x="5" y="13" width="22" height="6" rx="3" transform="rotate(-35 16 16)" fill="var(--accent-ink)" />
          </svg>
          Baton
        </div>
        <h1 className={css.title}>{title}</h1>
        {children}
      </main>
      <Toasts />
    </div>
  );
}
