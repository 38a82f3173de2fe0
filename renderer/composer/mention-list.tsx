import { Avatar } from '../ui/avatar.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import styles from './mention-list.module.css'

type Props = {
  readonly id: string
  readonly members: readonly { readonly id: number; readonly name: string }[]
  readonly at: number
  readonly onPick: (name: string) => void
}

/** Who can be called in a note. The field keeps the focus: arrows choose, Enter or Tab takes. */
export function MentionList({ id, members, at, onPick }: Props) {
  return (
    <div id={id} role="listbox" aria-label="Who should see this" className={styles.list}>
      {members.map((it, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
        <div
          key={it.id}
          id={`${id}-${it.id}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={styles.item}
          // Else the field would lose the focus before the click.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(it.name)}
        >
          <Avatar name={it.name} size={22} />
          <span className={styles.name} dir="auto">
            {it.name}
          </span>
          {index === at && <KeyCap keys="Enter" />}
        </div>
      ))}
    </div>
  )
}
