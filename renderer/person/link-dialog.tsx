import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { host } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { useReport } from '../ui/report.tsx'
import { describeLink } from './describe-link.ts'
import styles from './link-dialog.module.css'

/** Where a link really leads, before anything is opened. */
export function LinkDialog({ url }: { readonly url: string }) {
  const { act } = useWindow()
  const report = useReport()
  const close = () => act({ do: 'dialog', dialog: null })
  const link = describeLink(url)
  const copy = () => {
    host('copyText', { text: url }).then(
      () => notifications.show({ message: 'Address copied', autoClose: 1500 }),
      report,
    )
    close()
  }
  const open = () => {
    host('openExternal', { url: link.address }).then(({ opened }) => {
      if (!opened) notifications.show({ color: 'red', message: 'Deskbell does not open addresses of this kind.' })
    }, report)
    close()
  }
  return (
    <Modal opened onClose={close} title="Open this link?" size={460}>
      <Stack gap="sm">
        <p className={styles.host}>{link.host}</p>
        <p className={styles.address}>{link.address}</p>
        {link.warning && (
          <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
            {link.warning}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={copy}>
            Copy
          </Button>
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          {link.openable && <Button onClick={open}>Open in the browser</Button>}
        </Group>
      </Stack>
    </Modal>
  )
}
