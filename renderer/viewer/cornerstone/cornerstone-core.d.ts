/** The part of cornerstone-core 2.6.1 that slice-view.ts uses; the package brings no types. */
declare module 'cornerstone-core' {
  export interface CornerstoneImage {
    imageId: string;
    /** Whole numbers, of all pixels that share a lookup table. */
    minPixelValue: number;
    maxPixelValue: number;
    slope: number;
    intercept: number;
    windowCenter: number;
    windowWidth: number;
    getPixelData(): Int16Array | Uint16Array | Uint8Array;
    rows: number;
    columns: number;
    height: number;
    width: number;
    color: false;
    columnPixelSpacing: number;
    rowPixelSpacing: number;
    invert: boolean;
    sizeInBytes: number;
    /** Grey values by pixel value, for the window that they were made for. */
    cachedLut?: unknown;
  }

  export interface CornerstoneViewport {
    scale: number;
    translation: { x: number; y: number };
    voi: { windowWidth: number; windowCenter: number };
    invert: boolean;
    pixelReplication: boolean;
    rotation: number;
    hflip: boolean;
    vflip: boolean;
  }

  export function enable(element: HTMLElement): void;
  export function disable(element: HTMLElement): void;
  export function resize(element: HTMLElement, forceFitToWindow: boolean): void;
  export function displayImage(
    element: HTMLElement,
    image: CornerstoneImage,
    viewport?: Partial<CornerstoneViewport>,
  ): void;
  export function draw(element: HTMLElement): void;
  export function getEnabledElement(element: HTMLElement): { image?: CornerstoneImage };
}
