/* Shows what is pushed to this browser, also when no page of ours is open, and leads to its place. It keeps nothing. */
self.addEventListener("push", (event) => {
  const { title, body, tag, url, lang } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, renotify: true, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(new URL(event.notification.data.url, self.location.origin)));
});

/** A page that shows it already comes to the front; else a new one opens. */
async function show(url) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const found = pages.find((page) => new URL(page.url).pathname === url.pathname);
  return found ? found.focus() : self.clients.openWindow(url.href);
}
