/** The session ended while somebody works: signing in again happens over the screen, so that nothing typed is lost. */
import { Modal } from "@mantine/core";
import { queryClient } from "../api/query.ts";
import { SignInForm } from "../screens/session/sign-in-form.tsx";
import { useSession } from "./session.tsx";

export function SignedOutDialog({ onBack }: { readonly onBack: () => void }) {
  const { user } = useSession();
  return (
    <Modal opened onClose={() => location.assign("/sign-in")} title="You were signed out" closeOnClickOutside={false} closeOnEscape={false} size={400}>
      <p style={{ color: "var(--ink-2)", marginBottom: 12 }}>Sign in again to go on where you were. What you typed is still there.</p>
      <SignInForm
        email={user.email}
        onDone={(session) => {
          // Somebody else must not find what this one had on the screen.
          if (session.user.id !== user.id) return location.assign("/");
          queryClient.setQueryData(["getSession", {}], session);
          onBack();
          void queryClient.invalidateQueries();
        }}
      />
    </Modal>
  );
}
