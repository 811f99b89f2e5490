/** Notifications over HTTP. */
import * as contracts from "../../../contracts/notifications.ts";
import { type Mounted, route } from "../../http/route.ts";
import * as notifications from "./notifications.service.ts";

export function mountNotifications(mounted: Mounted): void {
  route(mounted, contracts.listNotifications, async (deps, { query: { unread, limit, cursor } }) => ({
    status: 200,
    body: await notifications.listNotifications(deps, { unread: unread === "true", limit, cursor }),
  }));
  route(mounted, contracts.countNotifications, async (deps) => ({ status: 200, body: await notifications.countNotifications(deps) }));
  route(mounted, contracts.readNotifications, async (deps, { body }) => ({ status: 200, body: await notifications.readNotifications(deps, body) }));
  route(mounted, contracts.getNotificationChoices, async (deps) => ({ status: 200, body: await notifications.getChoices(deps) }));
  route(mounted, contracts.changeNotificationChoices, async (deps, { body }) => ({ status: 200, body: await notifications.changeChoices(deps, body) }));
}
