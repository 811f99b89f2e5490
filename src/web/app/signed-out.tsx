/** Waits for the session to end while somebody works; then the dialog is loaded. */
import { lazy, Suspense, useEffect, useState } from "react";
import { whenSignedOut } from "../api/call.ts";

const SignedOutDialog = lazy(async () => ({ default: (await import("./signed-out-dialog.tsx")).SignedOutDialog }));

export function SignedOut() {
  const [out, setOut] = useState(false);
  useEffect(() => {
    whenSignedOut(() => setOut(true));
    return () => whenSignedOut(() => {});
  }, []);
  return <Suspense fallback={null}>{out && <SignedOutDialog onBack={() => setOut(false)} />}</Suspense>;
}
