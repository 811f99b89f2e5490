/** Whether the page is being put on paper: a list that draws only what is in sight draws all of it then. */
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The browser takes the page as it stands when the listener returns.
    const set = (on: boolean): void => flushSync(() => setPrinting(on));
    const start = (): void => set(true);
    const end = (): void => set(false);
    const media = window.matchMedia("print");
    const change = (): void => set(media.matches);
    window.addEventListener("beforeprint", start);
    window.addEventListener("afterprint", end);
    media.addEventListener("change", change);
    return () => {
      window.removeEventListener("beforeprint", start);
      window.removeEventListener("afterprint", end);
      media.removeEventListener("change", change);
    };
  }, []);
  return printing;
}
