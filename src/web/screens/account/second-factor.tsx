/** Setting up the second factor (password, picture, code, recovery codes), new codes, and doing without it again. */
import { Button, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Op, Out } from "../../api/call.ts";
import { queryClient, query, refresh } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { toast } from "../../app/toasts.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import css from "../settings/settings.module.css";

type Step = "start" | "renew" | "off" | null;

export function SecondFactor() {
  const { enabled, required } = useSession().secondFactor;
  const [step, setStep] = useState<Step>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <>
      <div className={css.note}>
        <span>
          {enabled ? "It is on." : "It is off."}
          {required && " This workspace requires it."}
        </span>
        {enabled ? (
          <>
            <Button onClick={() => setStep("renew")}>New recovery codes</Button>
            {!required && <Button onClick={() => setStep("off")}>Switch off</Button>}
          </>
        ) : (
          <Button variant="filled" onClick={() => setStep("start")}>
            Set up
          </Button>
        )}
      </div>
      {step === "start" && (
        <Modal opened onClose={() => setStep(null)} title="Set up a second factor" size={480} closeOnClickOutside={false}>
          <Enrol
            onCancel={() => setStep(null)}
            onDone={(next) => {
              setStep(null);
              setCodes(next);
              refresh("getSession", "listSessions");
            }}
          />
        </Modal>
      )}
      {step === "renew" && (
        <AskPassword
          title="New recovery codes"
          submit="Make new codes"
          says="The old codes stop working."
          op="renewRecoveryCodes"
          onClose={() => setStep(null)}
          onDone={(answer) => {
            setStep(null);
            setCodes((answer as Out<"renewRecoveryCodes">).recoveryCodes);
          }}
        />
      )}
      {step === "off" && (
        <AskPassword
          title="Do without a second factor?"
          submit="Switch off"
          says="Signing in will need the password alone. The recovery codes stop working."
          op="disableSecondFactor"
          onClose={() => setStep(null)}
          onDone={(answer) => {
            setStep(null);
            queryClient.setQueryData(query("getSession").queryKey, answer as Out<"disableSecondFactor">);
            toast({ text: "The second factor is off" });
          }}
        />
      )}
      {codes !== null && (
        <Modal
          opened
          onClose={() => setCodes(null)}
          title="Recovery codes"
          size={460}
          closeOnClickOutside={false}
          closeOnEscape={false}
          withCloseButton={false}
        >
          <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
        </Modal>
      )}
    </>
  );
}

function AskPassword({
  title,
  says,
  submit,
  op,
  onDone,
  onClose,
}: {
  readonly title: string;
  readonly says: string;
  readonly submit: string;
  readonly op: Extract<Op, "renewRecoveryCodes" | "disableSecondFactor">;
  readonly onDone: (answer: Out<"renewRecoveryCodes"> | Out<"disableSecondFactor">) => void;
  readonly onClose: () => void;
}) {
  const form = useForm({ op, initial: { password: "" }, input: (values) => ({ body: values }), onDone });
  return (
    <Modal opened onClose={onClose} title={title} size={420}>
      <FormBody form={form} submit={submit} cancel={onClose}>
        <p className={css.effect}>{says}</p>
        <PasswordInput label="Your password" autoComplete="current-password" data-autofocus {...form.text("password")} />
      </FormBody>
    </Modal>
  );
}

/** Password, then the picture and a first code. Used here, and by the page of who must set one up before anything else. */
export function Enrol({ onDone, onCancel }: { readonly onDone: (codes: readonly string[]) => void; readonly onCancel?: () => void }) {
  const [started, setStarted] = useState<Out<"startSecondFactor"> | null>(null);
  const first = useForm({
    op: "startSecondFactor",
    initial: { password: "" },
    input: (values) => ({ body: values }),
    onDone: setStarted,
  });
  const second = useForm({
    op: "confirmSecondFactor",
    initial: { code: "" },
    input: ({ code }) => ({ body: { code: code.replaceAll(/\s/g, "") } }),
    check: ({ code }) => (code.trim() === "" ? { code: "Enter the six digits the app shows." } : {}),
    onDone: ({ recoveryCodes }) => {
      toast({ text: "The second factor is on. You are signed out everywhere else." });
      onDone(recoveryCodes);
    },
  });
  const cancel = onCancel === undefined ? {} : { cancel: onCancel };
  if (started === null)
    return (
      <FormBody form={first} submit="Go on" {...cancel}>
        <p className={css.effect}>You need an authenticator app (TOTP), on your phone or in your password manager.</p>
        <PasswordInput
          label="Your password"
          description="Leave it empty if you only sign in through single sign-on"
          autoComplete="current-password"
          data-autofocus
          autoFocus
          {...first.text("password")}
        />
      </FormBody>
    );
  return (
    <FormBody form={second} submit="Switch on" {...cancel}>
      <p>Scan this with the app, then enter the six digits it shows.</p>
      <img className={css.qr} alt="QR code for the authenticator app" src={`data:image/svg+xml,${encodeURIComponent(started.qr)}`} />
      <p className={css.effect}>
        No camera? Enter this secret: <code style={{ overflowWrap: "anywhere" }}>{started.secret.replaceAll(/(.{4})/g, "$1 ").trim()}</code>
        <br />
        <a href={started.uri}>Open in an app on this device</a>
      </p>
      <TextInput label="Code" inputMode="numeric" autoComplete="one-time-code" maxLength={12} autoFocus {...second.text("code")} />
    </FormBody>
  );
}

export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const text = codes.join("\n");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: "Codes copied" });
    } catch {
      toast({ text: "The browser does not allow copying here. Download them, or write them down." });
    }
  };
  return (
    <div className={css.handOver}>
      <p>Each is good once, when you do not have the app. They are shown this once: keep them where you keep passwords.</p>
      <ul className={css.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={css.sectionActions}>
        <Button onClick={() => void copy()}>Copy</Button>
        <Button component="a" href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`} download="baton-recovery-codes.txt">
          Download
        </Button>
        <Button variant="filled" onClick={onDone} data-autofocus>
          I have kept them
        </Button>
      </div>
    </div>
  );
}
