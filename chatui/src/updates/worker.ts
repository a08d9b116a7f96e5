/** The page's side of the service worker (`sw.js`): registers it, and finds out when the server has another build. */

/** The only address that a worker of the page can have. */
const ADDRESS = "./sw.js";
/** Milliseconds from one question for another build to the next that is only asked because the page is looked at again. */
const SELDOM = 3_600_000;
/** Milliseconds that a worker gets to take over before the page is loaded anew without it. */
const PATIENCE = 5_000;

/** The address as a browser with Trusted Types takes it: the page's one policy knows no other. */
function address(): string {
  const types = window.trustedTypes as
    | {
        createPolicy(
          name: string,
          rules: { createScriptURL(): string },
        ): { createScriptURL(of: string): string };
      }
    | undefined;
  return (
    types?.createPolicy("service-worker", { createScriptURL: () => ADDRESS }).createScriptURL("") ?? ADDRESS
  );
}

/** The id of the build that a worker has. */
function buildOf(worker: ServiceWorker): Promise<unknown> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage("build", [port2]);
  });
}

export class PageWorker {
  readonly #onNewBuild: () => void;
  /** The id of the build that this page is of; the build puts it there. */
  readonly #build = document.documentElement.dataset.build;
  #registration: ServiceWorkerRegistration | undefined;
  #askedAt = Date.now();

  /** @param onNewBuild called when another build than this page's is ready to be loaded */
  constructor(onNewBuild: () => void) {
    this.#onNewBuild = onNewBuild;
  }

  /** Rejects if the browser takes no worker: the page works without one. */
  async start(): Promise<void> {
    // Without a secure context there is none, and no build while the page is being written.
    if (!("serviceWorker" in navigator) || this.#build === undefined) return;
    const { serviceWorker } = navigator;
    const registration = await serviceWorker.register(address(), { updateViaCache: "none" });
    this.#registration = registration;
    // As long as it is held the files of this build are kept.
    void navigator.locks?.request(
      `parley ${registration.scope} ${this.#build}`,
      { mode: "shared" },
      () => new Promise(() => {}),
    );
    // Another tab may bring the next worker in.
    serviceWorker.addEventListener("controllerchange", () => void this.#look(serviceWorker.controller));
    registration.addEventListener("updatefound", () => this.#await(registration.installing));
    this.#await(registration.installing);
    void this.#look(registration.waiting);
    registration.active?.postMessage("clean");
    this.ask();
  }

  /** Asks the server for another build. */
  ask(): void {
    this.#askedAt = Date.now();
    const update = async () => {
      const registration = await this.#registration?.update();
      // Another tab may have brought the next one in already.
      if (registration && !registration.installing && !registration.waiting)
        await this.#look(registration.active);
    };
    // Without a network there is nothing new.
    update().catch(() => {});
  }

  /** As `ask`, unless that was done within the last hour. */
  askSeldom(): void {
    if (Date.now() - this.#askedAt >= SELDOM) this.ask();
  }

  /** Lets the worker of the new build take over, if none has done so yet, and loads the page anew. */
  load(): void {
    const waiting = this.#registration?.waiting;
    if (!waiting) {
      location.reload();
      return;
    }
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    setTimeout(() => location.reload(), PATIENCE);
    waiting.postMessage("activate");
  }

  #await(installing: ServiceWorker | null): void {
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") void this.#look(installing);
    });
  }

  async #look(worker: ServiceWorker | null): Promise<void> {
    if (!worker) return;
    const build = await buildOf(worker);
    if (build !== this.#build) this.#onNewBuild();
    // The page was loaded from the server before its worker came: it takes no reload to put the two together.
    else if (worker === this.#registration?.waiting) worker.postMessage("activate");
  }
}
