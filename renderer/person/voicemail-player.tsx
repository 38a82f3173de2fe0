import { ActionIcon, Button } from '@mantine/core'
import { IconCloudDownload, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Attachment } from '../../src/people/contract.ts'
import { call } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import { duration } from '../ui/time-format.ts'
import styles from './voicemail-player.module.css'
import { waveformOf } from './waveform.ts'

type Props = { readonly recording: Attachment; readonly durationMs: number | null }

const bars = 90
const stepSeconds = 3

/** Plays what was spoken on the machine; the outline is that of the recording itself. */
export function VoicemailPlayer({ recording, durationMs }: Props) {
  const report = useReport()
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const sound = useQuery({
    queryKey: ['recording', recording.id],
    queryFn: () => load(recording),
    enabled: recording.stored,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const address = useRef<string>(null)
  useEffect(
    () => () => {
      if (address.current !== null) URL.revokeObjectURL(address.current)
    },
    [],
  )

  const total = (sound.data?.wave?.durationMs ?? durationMs ?? 0) / 1000
  const seek = (seconds: number) => {
    const target = Math.max(0, Math.min(total, seconds))
    if (audio.current && address.current !== null) audio.current.currentTime = target
    setAt(target)
  }
  const toggle = () => {
    const element = audio.current
    if (!element || !sound.data) return
    if (playing) {
      element.pause()
      return
    }
    if (address.current === null) {
      address.current = URL.createObjectURL(sound.data.blob)
      element.src = address.current
      element.currentTime = at
    }
    element.play().catch(report)
  }
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    seek(((event.clientX - box.left) / box.width) * total)
  }
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowRight: stepSeconds, ArrowLeft: -stepSeconds }[event.key]
    if (step === undefined) return
    event.preventDefault()
    seek(at + step)
  }
  if (!recording.stored) return <FetchRecording recording={recording} />
  if (sound.isError) return <p className={styles.gone}>The recording cannot be played on this computer.</p>
  const played = total === 0 ? 0 : at / total
  return (
    <div className={styles.player}>
      <ActionIcon
        size={32}
        radius="xl"
        aria-label={playing ? 'Pause voicemail' : 'Play voicemail'}
        disabled={!sound.data}
        onClick={toggle}
      >
        {playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
      </ActionIcon>
      <div
        className={styles.wave}
        role="slider"
        tabIndex={0}
        aria-label="Position in the voicemail"
        aria-valuemin={0}
        aria-valuemax={Math.round(total)}
        aria-valuenow={Math.round(at)}
        aria-valuetext={`${duration(at * 1000)} of ${duration(total * 1000)}`}
        onPointerDown={point}
        onKeyDown={keys}
      >
        <Wave heights={sound.data?.wave?.bars ?? []} played={played} />
      </div>
      <span className={styles.time}>
        {duration(at * 1000)} / {duration(total * 1000)}
      </span>
      {/* biome-ignore lint/a11y/useMediaCaption: a stranger's voicemail has no captions */}
      <audio
        ref={audio}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
      />
    </div>
  )
}

/** It was too long to come in at once, or Twilio could not hand it out then. */
function FetchRecording({ recording }: Pick<Props, 'recording'>) {
  const report = useReport()
  const [fetching, setFetching] = useState(false)
  const fetchIt = () => {
    setFetching(true)
    call('people.fetchFile', { attachmentId: recording.id })
      .catch(report)
      .finally(() => setFetching(false))
  }
  return (
    <div className={styles.player}>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconCloudDownload size={15} aria-hidden="true" />}
        loading={fetching}
        onClick={fetchIt}
      >
        Fetch the recording
      </Button>
      <span className={styles.time}>Not fetched yet</span>
    </div>
  )
}

function Wave({ heights, played }: { readonly heights: readonly number[]; readonly played: number }) {
  const shown = heights.length > 0 ? heights : Array.from({ length: bars }, () => 0)
  return (
    <svg viewBox={`0 0 ${shown.length * 4} 28`} preserveAspectRatio="none" aria-hidden="true">
      {shown.map((height, index) => {
        const tall = Math.max(2, height * 28)
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={index}
            x={index * 4}
            y={14 - tall / 2}
            width={2.2}
            height={tall}
            rx={1}
            fill={index / shown.length < played ? 'var(--db-accent)' : 'var(--db-bar)'}
          />
        )
      })}
    </svg>
  )
}

async function load(recording: Attachment) {
  const file = await call('people.attachment', { attachmentId: recording.id })
  const bytes = new Uint8Array(file.bytes)
  const blob = new Blob([bytes], { type: file.contentType })
  // What cannot be decoded here may still play; then there is a flat line.
  const wave = await waveformOf(bytes, bars).catch(() => null)
  return { blob, wave }
}
