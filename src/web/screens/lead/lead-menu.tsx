/** What else can be done with a lead. Each has its key, too. */
import { ActionIcon, Menu } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { leadName } from "../../format/format.ts";
import { useLeadCan } from "./lead-can.tsx";
import { attempt, binLead, type Lead } from "./lead-writes.ts";
import { mayReturn } from "./words.ts";

type MenuProps = {
  readonly lead: Lead;
  readonly onStage: () => void;
  readonly onExit: (stage: string) => void;
  readonly onAssign: () => void;
  readonly onReturn: () => void;
  readonly onConvert: (() => void) | null;
};

export function LeadMenu({ lead, onStage, onExit, onAssign, onReturn, onConvert }: MenuProps) {
  const can = useLeadCan();
  const navigate = useNavigate();
  const { user } = useSession();
  const stages = useRead("getConfig").data?.config.stages ?? [];
  if (lead.deletedAt !== null) return null;
  const exits = stages.filter(({ line, id }) => line === "exit" && id !== lead.stage && id !== "rejected");
  const mine = lead.owner?.id === user.id;
  return (
    <Menu width={220}>
      <Menu.Target>
        <ActionIcon aria-label="More for this lead">
          <Ellipsis size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onConvert !== null && (
          <Menu.Item onClick={onConvert} rightSection={<kbd>O</kbd>}>
            Convert…
          </Menu.Item>
        )}
        {can("leads.move") && (
          <Menu.Item onClick={onStage} rightSection={<kbd>S</kbd>}>
            Start a stage…
          </Menu.Item>
        )}
        {can("leads.assign") && (
          <Menu.Item onClick={onAssign} rightSection={<kbd>A</kbd>}>
            Assign…
          </Menu.Item>
        )}
        {can("leads.assign") && !mine && (
          <Menu.Item
            onClick={() => void attempt(() => call("assignLead", { params: { id: lead.id }, body: { owner: user.id } }), `${leadName(lead)} is yours`)}
          >
            Take it
          </Menu.Item>
        )}
        {can("leads.move") && (
          <>
            <Menu.Divider />
            {mayReturn(lead.stage) && (
              <Menu.Item onClick={onReturn} rightSection={<kbd>R</kbd>}>
                Return to marketing…
              </Menu.Item>
            )}
            {exits.map(({ id, label }) => (
              <Menu.Item key={id} onClick={() => onExit(id)}>
                {label}…
              </Menu.Item>
            ))}
          </>
        )}
        {can("leads.delete") && (
          <>
            <Menu.Divider />
            <Menu.Item style={{ color: "var(--late)" }} onClick={() => void binLead(lead.id, leadName(lead)).then(() => navigate({ to: "/leads" }))}>
              Put into the bin
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
