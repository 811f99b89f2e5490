/** What the store says when it cannot open: what happened, what was expected, what to do. Printed as it is, without a stack. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
  }
}

/** Another Baton holds the data folder. A command may go through it when `url` is known. */
export class StoreHeld extends StoreError {
  readonly pid: number;
  readonly url: string | null;
  constructor(message: string, pid: number, url: string | null) {
    super(message);
    this.name = "StoreHeld";
    this.name = "StoreHeld";
    this.pid = pid;
    this.url = url;
  }
}
