// Pan and zoom of the page: drag or wheel to move, Ctrl or Cmd with the wheel (a pinch, for a trackpad) to zoom at the
// pointer. It knows sizes, no tables.
interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Viewport {
  /** The size of what is shown. */
  bounds(size: Size): void;
  /** All of it in the window, at most at full size. */
  fit(): void;
  /** At the middle of the window. */
  zoom(factor: number): void;
  /** The box in the middle, large enough to be read. */
  reveal(box: Size & { readonly x: number; readonly y: number }): void;
  /** A press that was no drag. */
  onClick(act: (target: Element) => void): void;
}

const smallest = 0.03;
const largest = 3;
const readable = 0.8;
/** Below this scale the rows are left out and the tables' names are set large. */
const far = 0.34;
/** Pixels that a hand moves while it clicks. */
const stillness = 4;

export function viewport(canvas: SVGSVGElement, world: SVGGElement): Viewport {
  let size: Size = { width: 1, height: 1 };
  let [x, y, scale] = [0, 0, 1];
  let act: (target: Element) => void = () => {};

  function apply(): void {
    world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    canvas.classList.toggle("far", scale < far);
  }

  function zoomAt(factor: number, pointX: number, pointY: number): void {
    const next = Math.min(largest, Math.max(smallest, scale * factor));
    x = pointX - ((pointX - x) * next) / scale;
    y = pointY - ((pointY - y) * next) / scale;
    scale = next;
    apply();
  }

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return zoomAt(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.006)), event.offsetX, event.offsetY);
    const unit = event.deltaMode === 1 ? 20 : 1;
    x -= (event.shiftKey ? event.deltaY : event.deltaX) * unit;
    y -= (event.shiftKey ? 0 : event.deltaY) * unit;
    apply();
  }, { passive: false });

  let drag: { readonly pointer: number; readonly fromX: number; readonly fromY: number; readonly x: number; readonly y: number; moved: boolean; readonly target: Element } | undefined;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    drag = { pointer: event.pointerId, fromX: event.clientX, fromY: event.clientY, x, y, moved: false, target: event.target };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    const [moveX, moveY] = [event.clientX - drag.fromX, event.clientY - drag.fromY];
    if (!drag.moved && Math.hypot(moveX, moveY) < stillness) return;
    if (!drag.moved) canvas.setPointerCapture(event.pointerId);
    drag.moved = true;
    canvas.classList.add("dragging");
    [x, y] = [drag.x + moveX, drag.y + moveY];
    apply();
  });
  const end = (event: PointerEvent): void => {
    if (drag?.pointer !== event.pointerId) return;
    const { moved, target } = drag;
    drag = undefined;
    canvas.classList.remove("dragging");
    if (!moved && event.type === "pointerup") act(target);
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);

  return {
    bounds(next) {
      size = next;
      apply();
    },
    fit() {
      const { clientWidth, clientHeight } = canvas;
      scale = Math.max(smallest, Math.min(1, clientWidth / size.width, clientHeight / size.height));
      x = (clientWidth - size.width * scale) / 2;
      y = (clientHeight - size.height * scale) / 2;
      apply();
    },
    zoom: (factor) => zoomAt(factor, canvas.clientWidth / 2, canvas.clientHeight / 2),
    reveal(box) {
      scale = Math.max(scale, readable);
      x = canvas.clientWidth / 2 - (box.x + box.width / 2) * scale;
      y = box.height * scale > canvas.clientHeight - 40 ? 20 - box.y * scale : canvas.clientHeight / 2 - (box.y + box.height / 2) * scale;
      apply();
    },
    onClick: (next) => void (act = next),
  };
}
