/** The workspace wants a second factor and one has none: it is set up here, before anything else is shown. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { call } from "../../api/call.ts";
import { queryClient } from "../../api/query.ts";
import { toastProblem } from "../../app/toasts.tsx";
import { DoorPage } from "../session/door.tsx";
import css from "../session/door.module.css";
import { Enrol, RecoveryCodes } from "./second-factor.tsx";

export function MustEnrol() {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const leave = async (): Promise<void> => {
    try {
      await call("signOut");
      queryClient.clear();
      location.assign("/sign-in");
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <DoorPage title={codes === null ? "Set up a second factor" : "Recovery codes"} wide>
      {codes === null ? (
        <>
          <p className={css.sub}>This workspace wants one of everybody. It takes a minute; then you are in.</p>
          <Enrol onDone={setCodes} />
          <p style={{ marginTop: 14 }}>
            <Button variant="subtle" onClick={() => void leave()}>
              Sign out
            </Button>
          </p>
        </>
      ) : (
        <RecoveryCodes codes={codes} onDone={() => void queryClient.invalidateQueries()} />
      )}
    </DoorPage>
  );
}
