import { beforeEach, expect, test } from "vitest";
import { StickToEnd } from "./scroll";

let scroller: { scrollTop: number; scrollHeight: number; clientHeight: number };
/** Pixels of a line below the beginning of the content. */
let line: number | null;
let stick: StickToEnd;

/** As a browser does: what is set is kept within the content. */
function place(top: number): void {
  scroller.scrollTop = Math.max(0, Math.min(top, scroller.scrollHeight - scroller.clientHeight));
  stick.scrolled();
}

function grow(by: number): void {
  scroller.scrollHeight += by;
  stick.resized();
}

beforeEach(() => {
  scroller = { scrollTop: 0, scrollHeight: 1_000, clientHeight: 400 };
  line = 510;
  stick = new StickToEnd(scroller, () => () => (line === null ? null : line - scroller.scrollTop));
  stick.toEnd();
  stick.scrolled();
});

test("the end is followed while the reader is there", () => {
  grow(100);
  expect(scroller.scrollTop).toBe(700);
});

test("a reader who goes up stays where they are", () => {
  place(500);
  grow(300);
  expect(scroller.scrollTop).toBe(500);
  expect(stick.pinned).toBe(false);
});

test("a tremble of three pixels is no wish to leave the end", () => {
  place(597);
  expect(stick.pinned).toBe(true);
});

test("many small steps up are a wish to leave the end", () => {
  for (const top of [598, 596, 594]) place(top);
  expect(stick.pinned).toBe(false);
});

test("coming back near the end follows it again", () => {
  place(300);
  place(545);
  expect(stick.pinned).toBe(true);
  grow(50);
  expect(scroller.scrollTop).toBe(650);
});

test("scrolling down far from the end does not follow it", () => {
  place(100);
  place(400);
  expect(stick.pinned).toBe(false);
});

test("content that becomes shorter does not leave the end", () => {
  scroller.scrollHeight = 900;
  place(600);
  expect(stick.pinned).toBe(true);
});

test("what the page scrolls itself is not taken for the reader", () => {
  grow(200);
  stick.scrolled();
  expect(stick.pinned).toBe(true);
});

test("what grows above does not move what is read", () => {
  place(500);
  line = 1_010;
  grow(500);
  stick.scrolled();
  expect(scroller.scrollTop).toBe(1_000);
  expect(stick.pinned).toBe(false);
});

test("a line that is gone holds nothing", () => {
  place(500);
  line = null;
  grow(500);
  expect(scroller.scrollTop).toBe(500);
});

test("who turns the wheel up is not pulled back before the first step is made", () => {
  stick.leave();
  grow(10);
  expect(scroller.scrollTop).toBe(600);
  expect(stick.pinned).toBe(false);
});

test("where all is in sight there is no end to leave", () => {
  scroller.scrollHeight = 400;
  stick.leave();
  expect(stick.pinned).toBe(true);
});

test("nothing moves under a finger; the end is followed again when it is lifted there", () => {
  stick.hold();
  grow(100);
  expect(scroller.scrollTop).toBe(600);
  stick.release();
  expect(scroller.scrollTop).toBe(700);
});

test("leaving and coming back is told", () => {
  const told: boolean[] = [];
  stick.onPinned = (pinned) => told.push(pinned);
  place(100);
  place(600);
  expect(told).toEqual([false, true]);
});
