/* <push-switch data-key="…" data-save="/…" data-end="/…"> around the switch "push": whether this browser takes pushes. */
import { post } from "../lib/http.js";

const WORKER = "/service-worker.js";

customElements.define("push-switch", class extends HTMLElement {
  async connectedCallback() {
    this.box = this.querySelector("[name=push]");
    this.box.addEventListener("change", (event) => {
      event.stopPropagation();
      this.change();
    });
    if (!navigator.serviceWorker || !globalThis.PushManager) return this.say("unable");
    const subscription = await this.subscription().catch(() => null);
    this.box.checked = Boolean(subscription);
    this.box.disabled = false;
    if (subscription) this.save(subscription).catch(() => null); // in this session, too
  }

  async subscription() {
    const registration = await navigator.serviceWorker.getRegistration(WORKER);
    return registration?.pushManager.getSubscription();
  }

  async change() {
    const { checked } = this.box;
    this.box.disabled = true;
    this.say("");
    const outcome = await (checked ? this.begin() : this.end()).catch(() => "failed");
    this.say(outcome ?? "");
    if (outcome) this.box.checked = !checked;
    this.box.disabled = false;
  }

  async begin() {
    if ((await Notification.requestPermission()) !== "granted") return "refused";
    const registration = await navigator.serviceWorker.register(WORKER);
    await navigator.serviceWorker.ready;
    await this.save(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.dataset.key }));
  }

  async save(subscription) {
    const { endpoint, keys } = subscription.toJSON();
    const answer = await post(this.dataset.save, { endpoint, ...keys });
    if (!answer.ok) throw new Error(`${answer.status}`);
  }

  async end() {
    const subscription = await this.subscription();
    if (!subscription) return;
    await post(this.dataset.end, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }

  say(what) {
    for (const line of this.querySelectorAll("[data-unable], [data-refused], [data-failed]")) line.hidden = !(what && what in line.dataset);
  }
});
