/** Copies a text, and says that it did. */
import { Button, type ButtonProps } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { toast } from "../../app/toasts.tsx";

export function CopyButton({ text, label, children, ...rest }: ButtonProps & { readonly text: string; readonly label: string; readonly children: ReactNode }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async (): Promise<void> => {
    try {
      await (window.isSecureContext ? navigator.clipboard.writeText(text) : copyTheOldWay(text));
      setDone(true);
    } catch {
      toast({ text: "The browser did not let it be copied. Select the text and copy it by key.", tone: "problem" });
    }
  };
  return (
    <Button onClick={() => void copy()} aria-label={label} leftSection={done ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />} {...rest}>
      {done ? "Copied" : children}
    </Button>
  );
}

/** Where the page did not come by https, browsers have no clipboard; a selected field can be copied from all the same. */
function copyTheOldWay(text: string): void {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "out";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not copied");
}
