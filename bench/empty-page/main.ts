/** The reference of the bench `interaction`: React, one text, and a key or a click that changes it. */
import { createElement, type ReactElement, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

function Page(): ReactElement {
  const [count, setCount] = useState(0);
  const more = (): void => setCount((old) => old + 1);
  useEffect(() => {
    addEventListener("keydown", more);
    return () => removeEventListener("keydown", more);
  }, []);
  return createElement("button", { type: "button", onClick: more }, `Changed ${count} times`);
}

const place = document.getElementById("app");
if (place !== null) createRoot(place).render(createElement(Page));
