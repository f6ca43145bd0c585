import { Camera, type CameraFlags } from '../../../src/core/camera.ts';

/** How somebody shows their camera, and to whom. */
export interface CameraChoice {
  readonly explicit: boolean;
  readonly muted: boolean;
  readonly mutualRequired: boolean;
  readonly mutualOpen: boolean;
  readonly vipOnly: boolean;
}

export interface DeviceChoice {
  readonly camera?: string;
  readonly microphone?: string;
}

export const DEFAULT_CHOICE: CameraChoice = {
  explicit: false,
  muted: false,
  mutualRequired: false,
  mutualOpen: false,
  vipOnly: false,
};

export function cameraFlags(choice: CameraChoice): CameraFlags {
  return (
    Camera.on |
    (choice.explicit ? Camera.explicit : 0) |
    (choice.muted ? Camera.micMuted : 0) |
    (choice.mutualRequired ? Camera.mutualRequired : 0) |
    (choice.mutualOpen ? Camera.mutualOpen : 0) |
    (choice.vipOnly ? Camera.vipOnly : 0)
  );
}
