/* Tabs, and settings on a phone, are strips that scroll where they do not fit: begin with the page that is open in sight. */
document.querySelectorAll(".tabs [aria-current], .side--strip [aria-current]").forEach((here) => {
  const strip = here.closest(".tabs, .side__scroll");
  const [place, frame] = [here.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += place.left - frame.left - (frame.width - place.width) / 2;
});
