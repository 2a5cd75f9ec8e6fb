import * as cropPad from '../../common/components/transforms/crop-pad.ts';
import * as inputOutput from '../../common/components/transforms/input-output.ts';
import * as intensity from '../../common/components/transforms/intensity.ts';
import * as post from '../../common/components/transforms/post.ts';
import * as spatial from '../../common/components/transforms/spatial.ts';
import * as utility from '../../common/components/transforms/utility.ts';
import { createRegistry, registryEntry } from '../component-registry.ts';
import { createCropForeground } from './crop-pad/crop-foreground.ts';
import { createCenterSpatialCrop, createRandSpatialCrop } from './crop-pad/crops.ts';
import { createDivisiblePad, createResizeWithPadOrCrop, createSpatialPad } from './crop-pad/pads.ts';
import { createRandCropByPosNegLabel } from './crop-pad/rand-crop-by-pos-neg-label.ts';
import { createLoadImage } from './input-output/load-image.ts';
import { createSaveImage } from './input-output/save-image.ts';
import { createNormalizeIntensity } from './intensity/normalize.ts';
import {
  createRandAdjustContrast,
  createRandGaussianNoise,
  createRandGaussianSmooth,
  createRandScaleIntensity,
  createRandShiftIntensity,
} from './intensity/random-intensity.ts';
import { createScaleIntensity } from './intensity/scale-intensity.ts';
import { createScaleIntensityRange, createScaleIntensityRangePercentiles } from './intensity/scale-range.ts';
import { createActivations } from './post/activations.ts';
import { createAsDiscrete } from './post/as-discrete.ts';
import { createInvert } from './post/invert.ts';
import { createKeepLargestConnectedComponent } from './post/keep-largest-connected-component.ts';
import { createFlip, createRandAxisFlip, createRandFlip } from './spatial/flip.ts';
import { createOrientation } from './spatial/orientation.ts';
import { createRandRotate90 } from './spatial/rand-rotate90.ts';
import { createRandZoom, createResize } from './spatial/resize.ts';
import { createSpacing } from './spatial/spacing.ts';
import type { Transform } from './transform.ts';
import { createAddChannel, createEnsureChannelFirst } from './utility/channels.ts';
import { createCastToType, createEnsureType, createToTensor } from './utility/types.ts';

/** Built-in transforms by the names that configs use, `d`, `D` or `Dict` at the end. */
export const transformRegistry = createRegistry<Transform, void>([
  registryEntry(inputOutput.loadImageSpec, createLoadImage),
  registryEntry(inputOutput.saveImageSpec, createSaveImage),
  registryEntry(utility.ensureChannelFirstSpec, createEnsureChannelFirst),
  registryEntry(utility.addChannelSpec, createAddChannel),
  registryEntry(utility.toTensorSpec, createToTensor),
  registryEntry(utility.ensureTypeSpec, createEnsureType),
  registryEntry(utility.castToTypeSpec, createCastToType),
  registryEntry(spatial.spacingSpec, createSpacing),
  registryEntry(spatial.orientationSpec, createOrientation),
  registryEntry(spatial.flipSpec, createFlip),
  registryEntry(spatial.randFlipSpec, createRandFlip),
  registryEntry(spatial.randAxisFlipSpec, createRandAxisFlip),
  registryEntry(spatial.randRotate90Spec, createRandRotate90),
  registryEntry(spatial.resizeSpec, createResize),
  registryEntry(spatial.randZoomSpec, createRandZoom),
  registryEntry(cropPad.cropForegroundSpec, createCropForeground),
  registryEntry(cropPad.randCropByPosNegLabelSpec, createRandCropByPosNegLabel),
  registryEntry(cropPad.spatialPadSpec, createSpatialPad),
  registryEntry(cropPad.divisiblePadSpec, createDivisiblePad),
  registryEntry(cropPad.centerSpatialCropSpec, createCenterSpatialCrop),
  registryEntry(cropPad.resizeWithPadOrCropSpec, createResizeWithPadOrCrop),
  registryEntry(cropPad.randSpatialCropSpec, createRandSpatialCrop),
  registryEntry(intensity.scaleIntensityRangeSpec, createScaleIntensityRange),
  registryEntry(intensity.scaleIntensityRangePercentilesSpec, createScaleIntensityRangePercentiles),
  registryEntry(intensity.scaleIntensitySpec, createScaleIntensity),
  registryEntry(intensity.normalizeIntensitySpec, createNormalizeIntensity),
  registryEntry(intensity.randShiftIntensitySpec, createRandShiftIntensity),
  registryEntry(intensity.randScaleIntensitySpec, createRandScaleIntensity),
  registryEntry(intensity.randGaussianNoiseSpec, createRandGaussianNoise),
  registryEntry(intensity.randAdjustContrastSpec, createRandAdjustContrast),
  registryEntry(intensity.randGaussianSmoothSpec, createRandGaussianSmooth),
  registryEntry(post.activationsSpec, createActivations),
  registryEntry(post.asDiscreteSpec, createAsDiscrete),
  registryEntry(post.invertSpec, createInvert),
  registryEntry(post.keepLargestConnectedComponentSpec, createKeepLargestConnectedComponent),
]);

/** A built-in transform; the name may be dotted (`monai.transforms.LoadImaged`). */
export function buildTransform(name: string, args: unknown = {}): Transform {
  return transformRegistry.create(name.replace(/^monai\.transforms\.(?:\w+\.)*/, ''), args);
}
